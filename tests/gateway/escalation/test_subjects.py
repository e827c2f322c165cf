"""What somebody outside is told of, and what not."""

import pytest
from msgspec.structs import replace

from moderator.domain.rooms import Deadline, Failure, Room, Violation, Warning
from moderator.domain.settings import MINUTE_MS
from moderator.domain.state import Hold
from moderator.gateway.escalation.subjects import held, standing
from tests.fakes.builders import DAY, an_entry, folded, joined, room_ended, the_room

DEADLINE = Deadline(ends_at=DAY, version=2, kept_by="gateway")
ROOM = replace(the_room(folded(an_entry(joined("c1", DAY, user="u1")))), deadline=DEADLINE)


def warning(threshold_ms: int, *, version: int = 2, by: str | None = None) -> Warning:
    id_ = f"{version}-{threshold_ms}"
    return Warning(id=id_, threshold_ms=threshold_ms, deadline_version=version, raised_at=DAY, acknowledged_by=by)


def violation(*, enforced: bool = False) -> Violation:
    return Violation(
        policy="max_people", participant="c1", user="u1", reason="room_full", found_at=DAY, enforced=enforced
    )


def ids(room: Room, hold: Hold | None = None) -> list[str]:
    return [one.id for one in standing(room, hold)]


@pytest.mark.parametrize(
    ("warnings", "expected"),
    [
        ((warning(300_000),), ["2-300000"]),
        ((warning(300_000), warning(20_000)), ["2-300000", "2-20000"]),
        ((warning(300_000, by="maya"),), []),
        ((warning(300_000), warning(20_000, by="maya")), []),
        ((warning(300_000, by="maya"), warning(20_000)), ["2-20000"]),
        ((warning(300_000, version=1),), []),
        ((warning(20_000, version=1, by="maya"), warning(300_000)), ["2-300000"]),
    ],
)
def test_warnings_that_nobody_has_seen(warnings: tuple[Warning, ...], expected: list[str]) -> None:
    assert ids(replace(ROOM, warnings=warnings)) == expected
    assert ids(replace(ROOM, warnings=warnings, deadline=None)) == []


@pytest.mark.parametrize(
    ("enforced", "failure", "stands"),
    [
        (False, None, True),
        (True, None, False),
        (True, Failure("disconnect", "c1", DAY, 1, "away"), True),
        (True, Failure("stream_stop", "c1", DAY, 1, "away"), True),
        (True, Failure("disconnect", "c2", DAY, 1, "away"), False),
        (True, Failure("message", "c1", DAY, 1, "away"), False),
    ],
)
def test_violations_that_nothing_ends(enforced: bool, failure: Failure | None, stands: bool) -> None:
    room = replace(ROOM, violations=(violation(enforced=enforced),), failures=(failure,) if failure else ())
    assert ids(room) == ([f"max_people:c1:{DAY}"] if stands else [])


def test_what_a_policy_would_end_stands_while_removals_are_paused() -> None:
    room, hold = replace(ROOM, violations=(violation(enforced=True),)), Hold("maya", DAY + 5, "since zoe asked")
    assert ids(room) == []
    (found,) = standing(room, hold)
    assert (found.id, found.since) == (f"max_people:c1:{DAY}", DAY + 5)
    assert "while automatic removals are paused" in found.what
    (itself,) = held(hold)
    assert (itself.kind, itself.since) == ("hold", DAY + 5)
    assert "zoe" not in itself.what
    assert held(None) == []


def test_nothing_of_a_room_that_is_over() -> None:
    ended = the_room(folded(an_entry(joined("c1", DAY), room_ended(DAY + 1))))
    assert standing(replace(ended, deadline=DEADLINE, warnings=(warning(20_000),)), None) == []


@pytest.mark.parametrize(
    ("threshold_ms", "words"),
    [(5 * MINUTE_MS, "5 minutes"), (MINUTE_MS, "1 minute"), (90_000, "1:30 minutes"), (20_000, "20 seconds")],
)
def test_it_is_said_in_words(threshold_ms: int, words: str) -> None:
    (found,) = standing(replace(ROOM, warnings=(warning(threshold_ms),)), None)
    assert found.what == f"{words} left, and nobody has acknowledged it"


def test_nobody_is_named() -> None:
    for one in standing(replace(ROOM, violations=(violation(),)), None):
        assert "u1" not in one.what
        assert "room full" in one.what
