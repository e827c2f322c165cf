"""What somebody may grant: never more than they have."""

import itertools
from fnmatch import fnmatchcase

import pytest

from moderator.gateway.access.patterns import covers


@pytest.mark.parametrize(
    ("pattern", "other", "expected"),
    [
        ("*", "clinic/*", True),
        ("*", "*", True),
        ("clinic/*", "clinic/*", True),
        ("clinic/*", "clinic/appt-*", True),
        ("clinic/*", "clinic/appt-?", True),
        ("clinic/*", "clinic/appt-1", True),
        ("clinic/appt-?", "clinic/appt-1", True),
        ("clinic/appt-[12]", "clinic/appt-1", True),
        ("clinic/appt-[12]", "clinic/appt-[12]", True),
        ("clinic/appt-[12]", "clinic/appt-3", False),
        ("clinic/appt-?", "clinic/appt-*", False),
        ("clinic/*", "*", False),
        ("clinic/*", "school/*", False),
        ("clinic/*", "clin*", False),
        ("*clinic/*", "[clinic/]x", False),
        ("clinic/[!a]", "clinic/*", False),
        ("", "*", False),
    ],
)
def test_what_covers_what(pattern: str, other: str, expected: bool) -> None:
    assert covers(pattern, other) is expected


def words(alphabet: str, longest: int) -> list[str]:
    return ["".join(word) for length in range(longest + 1) for word in itertools.product(alphabet, repeat=length)]


def test_whatever_is_granted_was_there_to_grant() -> None:
    names = words("ab[", 4)
    patterns = [*words("ab*?", 3), *words("a*?[]!", 4)]
    matched = {pattern: {name for name in names if fnmatchcase(name, pattern)} for pattern in patterns}
    covered = [(one, other) for one in patterns[::7] for other in patterns[::3] if covers(one, other)]
    assert len(covered) > 1_000
    assert [(one, other) for one, other in covered if not matched[other] <= matched[one]] == []
