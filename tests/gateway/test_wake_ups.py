"""The moments at which something is looked at again."""

from moderator.gateway.wake_ups import WakeUps

A, B = ("a",), ("b",)


def test_each_is_due_once_when_its_moment_has_come() -> None:
    wake_ups: WakeUps[tuple[str]] = WakeUps()
    wake_ups.arm(A, 10)
    wake_ups.arm(B, 20)
    assert (wake_ups.next_at(), wake_ups.take_due(9)) == (10, set())
    assert wake_ups.take_due(10) == {A}
    assert wake_ups.take_due(30) == {B}
    assert (wake_ups.take_due(99), wake_ups.next_at()) == (set(), None)


def test_the_last_moment_that_was_said_counts() -> None:
    wake_ups: WakeUps[tuple[str]] = WakeUps()
    for at in (10, 30, 30):
        wake_ups.arm(A, at)
    assert wake_ups.take_due(29) == set()
    assert wake_ups.take_due(30) == {A}
    wake_ups.arm(A, 40)
    wake_ups.arm(A, None)
    assert wake_ups.take_due(99) == set()


def test_a_moment_that_is_moved_again_and_again_leaves_nothing_behind() -> None:
    wake_ups: WakeUps[tuple[str]] = WakeUps()
    for at in range(10_000, 0, -1):
        wake_ups.arm(A, at)
        wake_ups.arm(B, 20_000 + at % 2)
    assert len(wake_ups._heap) < 20
    assert wake_ups.take_due(1) == {A}
    assert wake_ups.take_due(30_000) == {B}
