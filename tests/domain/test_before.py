from msgspec.structs import replace

from moderator.domain.before import blocks_before, decided_before, presence_before
from moderator.domain.decided import Decided
from moderator.domain.events import DeadlineCleared, DeadlineExtended, DeadlineSet, PersonBlocked, PersonReadmitted
from moderator.domain.rooms import Block, Deadline
from tests.fakes.builders import DAY, KEY, a_decision, an_entry, folded, joined, left

NOW = Decided(deadline=Deadline(ends_at=DAY + 600_000, version=4, kept_by="gateway", extended_ms=90_000))
NOW = replace(NOW, deadline_version=4)


def test_without_a_change_the_deadline_was_the_same() -> None:
    assert decided_before(NOW, []) == NOW


def test_extensions_are_taken_back() -> None:
    events = [a_decision(DeadlineExtended(version=3, seconds=60)), a_decision(DeadlineExtended(version=4, seconds=30))]
    before = decided_before(NOW, events).deadline
    assert before is not None
    assert (before.ends_at, before.version, before.extended_ms) == (DAY + 510_000, 2, 0)


def test_an_extension_that_came_after_it_is_not_taken_back() -> None:
    known = [a_decision(DeadlineExtended(version=4, seconds=30))]
    later = [a_decision(DeadlineExtended(version=5, seconds=300)), a_decision(DeadlineSet(version=6, ends_at=DAY))]
    assert decided_before(NOW, [*known, *later]) == decided_before(NOW, known)
    assert decided_before(NOW, later) == NOW


def test_before_an_end_was_set_or_taken_away_nothing_is_known_of_it() -> None:
    for data in (DeadlineSet(version=4, ends_at=DAY), DeadlineCleared(version=4)):
        assert decided_before(NOW, [a_decision(data)]) == Decided(deadline_version=3)


def test_who_had_come_by_then_was_there() -> None:
    state = folded(an_entry(joined("p", DAY), left("p", DAY + 2000), joined("q", DAY + 1000)))
    before = presence_before(state.rooms[KEY].presences[""], DAY + 500)
    assert [len(before.seats[key].marks) for key in ("p", "q")] == [1, 0]


def test_a_block_that_nothing_here_made_was_there_before() -> None:
    known = tuple(Block(user=user, until=None, by="m", reason="conduct") for user in ("old", "new"))
    events = [a_decision(PersonBlocked(user="new")), a_decision(PersonReadmitted(user="gone"))]
    assert [one.user for one in blocks_before(known, events)] == ["old", "gone"]
