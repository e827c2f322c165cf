"""Faults of reference 002: who reconnects is a new session of the same user; whoever counts sessions counts twice."""

from pathlib import Path

from moderator.desktop.room.people_list import people_of
from moderator.domain.settings import MINUTE_MS
from tests.providers.vonage.clinic import RARELY, VISIT, clinic
from tests.providers.vonage.made import BEGIN, created, destroyed


async def test_a_second_connection_of_somebody_is_a_third_person(tmp_path: Path) -> None:
    """Its unit is the connection: a second tab, or a phone beside the laptop, would make a room for two too full."""
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"), created("c3", BEGIN + 9, "ana"))
        await at.gateway.advance(10_000)
        assert (at.room.people, at.removed()) == (2, [])
        ana, bob = people_of(at.room)
        assert (ana.participants, bob.participants) == (("c1", "c3"), ("c2",))
        assert ana.details(at.gateway.clock.now_ms()).endswith("2 devices")


async def test_who_reconnects_is_somebody_new(tmp_path: Path) -> None:
    """A reconnect is a new session: for a while there are two of one person, whose time must neither begin again nor
    be counted twice.
    """
    async with clinic(tmp_path, VISIT, reconcile_ms=RARELY) as at:
        await at.happens(created("c1", BEGIN, "ana"), created("c2", BEGIN + 5, "bob"))
        before = at.room.deadline
        await at.gateway.advance(20 * MINUTE_MS)
        now = BEGIN + 20 * MINUTE_MS
        await at.happens(created("c3", now, "bob"))
        await at.gateway.advance(10_000)
        await at.happens(destroyed("c2", now + 10_000, BEGIN + 5, "networkDisconnected"))
        assert (at.here(), at.removed(), at.room.deadline) == (["ana", "bob"], [], before)
        await at.gateway.advance(10 * MINUTE_MS)
        _, bob = people_of(at.room)
        assert "here 30 min" in bob.details(at.gateway.clock.now_ms())


async def test_without_an_identifier_nobody_can_be_matched(tmp_path: Path) -> None:
    """Its identifiers are optional; two connections that name nobody are two people, not one who is called nothing."""
    async with clinic(tmp_path, VISIT) as at:
        await at.happens(created("c1", BEGIN, ""), created("c2", BEGIN + 5, ""), created("c3", BEGIN + 9, ""))
        assert (len(people_of(at.room)), at.removed()) == (3, ["c3"])
