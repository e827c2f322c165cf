"""What was announced and configured for a room is worked out again when it may be different, and only then."""

from moderator.domain.events import CapabilitiesReported, Event
from moderator.domain.fold import fold
from moderator.domain.settings import Capability, RoomType, Settings, SourceInfo
from moderator.domain.state import State
from tests.fakes.builders import DAY, KEY, SOURCE, a_fact, an_entry, announced, configured, joined, left

VISIT = RoomType(name="visit", max_people=2)
CAN = SourceInfo(SOURCE, "fake", {"disconnect": Capability("provider")})


def after(*events: Event) -> State:
    state = State()
    for seq, event in enumerate((configured(Settings((VISIT,), (CAN,))), *events), 1):
        fold(state, an_entry(event, seq=seq, key=seq))
        state.room(KEY)  # so that it is known from then on
    return state


def test_reports_about_people_leave_the_terms_as_they_are() -> None:
    state = after(joined("a", DAY))
    before = state.room(KEY)
    fold(state, an_entry(joined("b", DAY + 1), left("a", DAY + 2), seq=9, key=9))
    room = state.room(KEY)
    assert before is not None
    assert room is not None
    assert room.limits is before.limits
    assert len(room.participants) == 2


def test_other_rules_an_announcement_and_what_an_account_may_not_do_change_them() -> None:
    state = after(
        joined("a", DAY),
        configured(Settings((RoomType(name="exam", max_people=5),), (CAN,)), key="later"),
        announced(KEY.room, starts_at=DAY, duration_ms=60_000),
        a_fact(CapabilitiesReported(unavailable={"disconnect": "not here"}), DAY + 1),
    )
    room = state.room(KEY)
    assert room is not None
    assert room.limits is not None
    assert room.appointment is not None
    assert (room.type, room.limits.max_people, room.limits.duration_ms) == ("exam", 5, 60_000)
    assert room.capabilities["disconnect"] == Capability(None, "not here")
