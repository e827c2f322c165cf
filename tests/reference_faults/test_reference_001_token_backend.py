"""Faults of reference 001: a backend that creates Vonage sessions and hands out tokens.

Not here yet, for roles and credentials come with later work: its default role is `moderator` for everybody, which an
alert has to name ("holds moderator rights and is not on the list"); two first requests at once create two sessions.
"""

from pathlib import Path

from tests.fakes.clock import FakeClock
from tests.fakes.gateway import bearer, room_path
from tests.providers.vonage.clinic import VISIT, clinic
from tests.providers.vonage.cloud import Cloud
from tests.providers.vonage.made import BEGIN, SESSION, created


async def test_sessions_are_in_a_dictionary_that_a_restart_empties(tmp_path: Path) -> None:
    """It forgets which session a room has: who comes after a restart is alone in a new one."""
    clock, cloud = FakeClock(BEGIN + 1_000), Cloud(verify_times=False)
    async with clinic(tmp_path, VISIT, cloud=cloud, clock=clock) as at:
        await at.happens(created("c1", BEGIN, "ana"))
        instance = at.room.instance
    async with clinic(tmp_path, VISIT, cloud=cloud, clock=clock) as at:
        await at.happens(created("c2", BEGIN + 2_000, "bob"))
        assert (at.room.instance, at.here()) == (instance, ["ana", "bob"])


async def test_everybody_is_a_moderator_by_default(tmp_path: Path) -> None:
    """It signs `role: moderator` for whoever asks; what a token says of its bearer must not help against a policy."""
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        await at.happens(created("c3", BEGIN + 9, "userId=eve&role=moderator"))
        eve = at.room.participant("c3")
        assert (eve and eve.role, at.removed()) == ("moderator", ["c3"])


async def test_who_may_do_what_is_not_asked(tmp_path: Path) -> None:
    """It asks nobody who they are: every caller gets what it has to give."""
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"))
        for headers, status in (({"Authorization": ""}, 401), ({"Authorization": bearer(scopes=["rooms:read"])}, 403)):
            answer = await at.gateway.http.post(room_path(SESSION) + "/end", json={"reason": "other"}, headers=headers)
            assert answer.status_code == status
        assert at.removed() == []
