"""Faults of reference 000: a sample that limits the time and the size of Vonage sessions by their webhooks.

Each test is named after the fault, and says in its first line what the reference does. Most run the real provider in a
whole gateway with its log on the disk. Not here yet: it sets up two sessions when two people ask for a room's
credentials at once, for nothing here hands out credentials so far. How many may be in a room is looked at by the sample
when it hands out a token and the person joins later; here it is looked at when somebody joins.
"""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.domain.events import DeadlineSet, ProviderEventUnknown, SourceSilent
from moderator.domain.settings import MINUTE_MS
from tests.fakes.builders import DAY, SOURCE, joined, rules
from tests.fakes.clock import FakeClock
from tests.fakes.enforcer import Enforcer
from tests.fakes.gateway import participant_path
from tests.providers.vonage.clinic import RARELY, VISIT, Clinic, clinic
from tests.providers.vonage.cloud import Cloud
from tests.providers.vonage.made import BEGIN, SESSION, created, destroyed, event, stream

HOUR_MS = 60 * MINUTE_MS


def ends_at(at: Clinic) -> int:
    assert at.room.deadline is not None
    return at.room.deadline.ends_at


# --- time ------------------------------------------------------------------------------------------------------------


async def test_every_join_restarts_the_clock(tmp_path: Path) -> None:
    """It measures from the newest connection: who joins in the 59th minute gives everybody another hour."""
    async with clinic(tmp_path, VISIT, reconcile_ms=RARELY) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 500, "bob"))
        deadline = BEGIN + 500 + HOUR_MS
        assert ends_at(at) == deadline
        await at.gateway.advance(59 * MINUTE_MS)
        late = BEGIN + 59 * MINUTE_MS
        await at.happens(destroyed("c2", late, BEGIN + 500), created("c4", late + 5, "bob"))
        assert ends_at(at) == deadline
        await at.gateway.advance(2 * MINUTE_MS)
        assert sorted(at.removed()) == ["c1", "c4"], "each once, whatever was left running by earlier joins"


@given(st.lists(st.integers(-5 * MINUTE_MS, 20 * MINUTE_MS), min_size=1, max_size=5))
def test_every_join_restarts_the_clock_whenever_it_is_reported(joins: list[int]) -> None:
    """The same by the fold alone: no join, early or reported late, moves what was decided."""
    enforcer = Enforcer(rules(duration_ms=10 * MINUTE_MS), now=DAY)
    enforcer.tell(joined("p", DAY, user="anna"), joined("q", DAY + 1, user="bert"))
    for number, at in enumerate(joins):
        enforcer.tell(joined(f"late-{number}", DAY + at))
        assert enforcer.room.deadline is not None
        assert enforcer.room.deadline.ends_at == DAY + 10 * MINUTE_MS
    assert len(enforcer.of(DeadlineSet)) == 1


async def test_every_join_leaves_a_timer_running(tmp_path: Path) -> None:
    """It sets an interval on every join beyond the first, and loses the handle of the one before."""
    async with clinic(tmp_path, replace(VISIT, max_people=None), reconcile_ms=RARELY) as at:
        await at.happens(created("c0", BEGIN, "ana"), created("c1", BEGIN + 5, "bob"))
        tasks, alarms = len(asyncio.all_tasks()), len(at.gateway.clock._alarms)
        for number in range(2, 1_002, 50):
            await asyncio.gather(*(at.hears(created(f"c{n}", BEGIN + n, "bob")) for n in range(number, number + 50)))
        assert len(at.room.here()) == 1_002
        assert (len(asyncio.all_tasks()), len(at.gateway.clock._alarms)) == (tasks, alarms)
        assert len(at.gateway.gateway.enforcement._wake_ups._heap) <= 2
        assert len(await at.gateway.logged(DeadlineSet)) == 1


async def test_time_is_looked_at_every_five_seconds(tmp_path: Path) -> None:
    """It polls, so that people stay up to five seconds longer than they may."""
    async with clinic(tmp_path, VISIT, reconcile_ms=RARELY) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 500, "bob"))
        await at.gateway.advance(ends_at(at) - at.gateway.clock.now_ms() - 1)
        assert at.removed() == []
        await at.gateway.advance(10)
        assert sorted(at.removed()) == ["c1", "c2"]


async def test_a_restart_forgets_the_session(tmp_path: Path) -> None:
    """Its state is in memory: after a restart nobody's time is limited, and events of the session are errors."""
    clock, cloud = FakeClock(BEGIN + 1_000), Cloud(verify_times=False)
    async with clinic(tmp_path, VISIT, cloud=cloud, clock=clock, reconcile_ms=RARELY) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 500, "bob"))
        before = at.room.deadline
        await at.gateway.advance(30 * MINUTE_MS)
    await clock.advance(MINUTE_MS)
    async with clinic(tmp_path, VISIT, cloud=cloud, clock=clock, reconcile_ms=RARELY) as at:
        await at.happens(created("c3", BEGIN + 31 * MINUTE_MS, "ana"))
        assert at.room.deadline == before
        await at.gateway.advance(HOUR_MS - 31 * MINUTE_MS)
        assert sorted(at.removed()) == ["c1", "c2", "c3"]


async def test_both_leave_and_the_timer_crashes(tmp_path: Path) -> None:
    """Its timer reads the first of no connections, and the process ends."""
    async with clinic(tmp_path, VISIT, reconcile_ms=RARELY) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        await at.happens(
            destroyed("c1", BEGIN + 900), destroyed("c2", BEGIN + 950), event("sessionDestroyed", BEGIN + 999)
        )
        await at.gateway.advance(9 * MINUTE_MS)
        assert (at.room.state, at.room.people) == ("live", 0)
        await at.gateway.advance(2 * MINUTE_MS)
        assert at.room.state == "ended"
        await at.gateway.advance(HOUR_MS)
        assert at.removed() == []
        assert not at.gateway.gateway.failed.is_set()


async def test_both_leave_just_before_the_end_and_the_timer_crashes(tmp_path: Path) -> None:
    """The same where the end comes while the empty room is still waited for."""
    async with clinic(tmp_path, VISIT, reconcile_ms=RARELY) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        await at.gateway.advance(58 * MINUTE_MS)
        late = BEGIN + 58 * MINUTE_MS
        await at.happens(destroyed("c1", late), destroyed("c2", late + 1, BEGIN + 5))
        await at.gateway.advance(5 * MINUTE_MS)
        assert (at.removed(), at.gateway.gateway.failed.is_set()) == ([], False)


async def test_one_user_alone_is_never_limited(tmp_path: Path) -> None:
    """It starts to count with the second connection only; here the start is the room's rule."""
    async with clinic(tmp_path, replace(VISIT, starts="first_join"), reconcile_ms=RARELY) as at:
        await at.happens(created("c1", BEGIN, "ana"))
        await at.gateway.advance(HOUR_MS)
        assert at.removed() == ["c1"]


# --- size ------------------------------------------------------------------------------------------------------------


async def test_a_duplicate_delivery_kicks_the_legitimate_second_user(tmp_path: Path) -> None:
    """It counts deliveries: the same connectionCreated twice makes the second of two people the third."""
    async with clinic(tmp_path, VISIT) as at:
        ana, bob = created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob")
        await at.happens(ana, ana, ana, bob, bob)
        await at.gateway.advance(10_000)
        assert (at.here(), at.room.people, at.removed()) == (["ana", "bob"], 2, [])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_of_two_who_join_at_once_both_stay_or_go(tmp_path: Path, order: tuple[int, int]) -> None:
    """It acts on whichever webhook comes last: two that come together may both be counted, or both be removed."""
    at_once = [created("c2", BEGIN + 5, "bob"), created("c3", BEGIN + 5, "eve")]
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"))
        people = at.cloud.sessions[SESSION]
        people |= {body["connection"]["id"]: body["connection"]["createdAt"] for body in at_once}
        await asyncio.gather(*(at.hears(at_once[number]) for number in order))
        await at.gateway.advance(10_000)
        assert (at.here(), at.removed()) == (["ana", "bob"], ["c3"]), "by id, whichever was heard of first"


async def test_the_one_too_many_stays_for_some_seconds(tmp_path: Path) -> None:
    """It removes the third person when it gets to it; here at once, and only that one."""
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"), created("c3", BEGIN + 9, "eve"))
        assert at.removed() == ["c3"]
        await at.gateway.advance(10_000)
        assert at.here() == ["ana", "bob"], "its list showed it, although no webhook came"
        assert at.gateway.read("disconnect_confirmed")


async def test_who_was_kicked_reloads_the_page_and_is_back(tmp_path: Path) -> None:
    """It hands a new token to everybody who asks; here a block holds whoever comes back."""
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        path = f"{participant_path('c2', SESSION)}/disconnect"
        await at.gateway.order("POST", path, {"reason": "conduct", "block": True})
        await at.gateway.advance(5_000)
        await at.happens(created("c3", BEGIN + 6_000, "bob"))
        assert at.removed() == ["c2", "c3"]


@pytest.mark.parametrize(("status", "tries"), [(403, 1), (500, 2)])
async def test_a_disconnect_that_fails_is_logged_as_success(tmp_path: Path, status: int, tries: int) -> None:
    """It does not look at the answer to its force-disconnect, and does not try again."""
    async with clinic(tmp_path, VISIT) as at:
        at.cloud.refusal = status
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"), created("c3", BEGIN + 9, "eve"))
        await at.gateway.advance(65_000)
        assert len(at.removed()) >= tries
        assert at.gateway.read("disconnect_failed")
        assert not at.gateway.read("disconnect_confirmed")
        assert (at.here(), len(at.room.violations)) == (["ana", "bob", "eve"], 1)
        (failure,) = at.room.failures
        assert (failure.command, failure.target, bool(failure.why)) == ("disconnect", "c3", True)


# --- webhooks --------------------------------------------------------------------------------------------------------


async def test_destroyed_before_created_leaves_a_ghost(tmp_path: Path) -> None:
    """It believes the order of deliveries: a connection whose end came first is there for ever."""
    async with clinic(tmp_path, VISIT) as at:
        await at.hears(destroyed("c1", BEGIN + 900), created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        assert at.here() == ["bob"]


async def test_an_event_of_an_unknown_session_is_a_fault(tmp_path: Path) -> None:
    """It answers 500 to a session that it does not know, as all are after a restart, and such failures add up."""
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"))
    async with clinic(tmp_path, VISIT, cloud=at.cloud) as at:
        assert at.here() == ["ana"]
        other = {**event("streamDestroyed", BEGIN + 800), "stream": stream("streamDestroyed", "s", "c9")["stream"]}
        await at.hears({**other, "sessionId": "another"}, {**created("c7"), "sessionId": "2_others", "projectId": "5"})
        (notice,) = await at.gateway.logged(ProviderEventUnknown)
        assert isinstance(notice.data, ProviderEventUnknown)
        assert notice.data.problem == "an event of another project"


async def test_webhooks_are_switched_off_and_nobody_notices(tmp_path: Path) -> None:
    """The platform stops sending after fifty failures in half an hour; it then goes on with whom it had counted."""
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"))
        at.cloud.sessions[SESSION]["c2"] = BEGIN + 20_000  # no webhook tells of it
        await at.gateway.advance(45_000)
        (silent,) = await at.gateway.logged(SourceSilent)
        assert isinstance(silent.data, SourceSilent)
        assert "webhooks may be switched off; lists still work" in silent.data.detail
        assert (at.gateway.gateway.sources[SOURCE].status().state, len(at.room.here())) == ("silent", 2)
        await at.happens(created("c3", at.gateway.clock.now_ms(), "bob"))
        assert at.gateway.gateway.sources[SOURCE].status().state == "live"


async def test_nothing_at_all_is_heard_and_nobody_notices(tmp_path: Path) -> None:
    """The same where nobody comes or goes meanwhile."""
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        await at.gateway.advance(31 * MINUTE_MS)
        (silent,) = await at.gateway.logged(SourceSilent)
        assert isinstance(silent.data, SourceSilent)
        assert silent.data.detail.startswith("no events for 30 min while 1 room is live")
