import pytest

from moderator.desktop.past.steps import Step, stepped

MOMENTS = tuple(range(100, 2100, 100))
BEGIN = 50


@pytest.mark.parametrize(
    ("step", "at", "goes_to"),
    [
        ("back", None, 2000),
        ("back", 2000, 1900),
        ("back", 1950, 1900),
        ("back", 100, 50),
        ("back", 50, 50),
        ("on", 100, 200),
        ("on", 150, 200),
        ("on", 2000, None),
        ("on", None, None),
        ("far_back", None, 1100),
        ("far_back", 300, 50),
        ("far_on", 300, 1300),
        ("far_on", 1500, None),
        ("begin", None, 50),
        ("begin", 700, 50),
        ("live", 700, None),
    ],
)
def test_a_step(step: Step, at: int | None, goes_to: int | None) -> None:
    assert stepped(step, MOMENTS, BEGIN, at) == goes_to


def test_what_was_before_the_beginning_is_not_gone_to() -> None:
    assert stepped("back", (10, 60), BEGIN, 60) == BEGIN
