"""Rooms of platforms that have no call to end one: everybody is disconnected, at the limiter's pace."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from moderator.clock import SystemClock
from moderator.domain.events import RoomEndFailed
from moderator.domain.kinds import Outcome
from moderator.domain.settings import Capability
from moderator.gateway.configuration.config import SourceConfig
from moderator.providers.errors import Forbidden, NotSupported, RateLimited, Rejected, Unavailable
from moderator.providers.provider import Target
from moderator.providers.vonage import VonageProvider
from moderator.providers.vonage.options import VonageOptions
from tests.fakes.builders import DAY, SOURCE, joined, left
from tests.fakes.gateway import WEBHOOK, GatewayInProcess, RunningGateway, Street, room_path
from tests.fakes.provider import FakeProvider
from tests.fakes.serving import served
from tests.simulator.vonage.running import APPLICATION, SIGNATURE_SECRET, RunningCloud, private_key, running

BY_GATEWAY = Capability("gateway", "everybody is disconnected, one by one")


class WithoutEnd(GatewayInProcess):
    """Its platform has no call to end a room."""

    async def start(self) -> Self:
        self.provider.capabilities = {**self.provider.capabilities, "end": BY_GATEWAY}
        return await super().start()


@contextlib.asynccontextmanager
async def a_room_of(folder: Path, people: int, per_second: float = 1000) -> AsyncIterator[GatewayInProcess]:
    """The limiter lets one request through at once where it is one a second: the first list took the other."""
    async with WithoutEnd(folder, per_second=per_second) as gateway:
        await gateway.tell(*(joined(f"c{number}", DAY + number, user=f"u{number}") for number in range(people)))
        yield gateway


async def end(gateway: GatewayInProcess) -> None:
    answer = await gateway.order("POST", f"{room_path()}/end", {"reason": "other"})
    assert answer.status_code == 202, answer.text


async def outcomes(gateway: RunningGateway) -> list[tuple[str, str, str]]:
    """Kind, code and sentence of what was settled."""
    found = await gateway.logged(Outcome)
    return [(event.kind, event.data.code, event.data.why) for event in found if isinstance(event.data, Outcome)]


CONFIRMED = [("room_end_confirmed", "", "")]


async def test_everybody_is_disconnected_and_nobody_is_blocked(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 3) as gateway:
        await end(gateway)
        calls = [(call.name, call.target.participant, call.argument) for call in gateway.provider.calls]
        assert calls == [("disconnect", f"c{number}", False) for number in range(3)]
        assert (gateway.room.people, gateway.room.pending) == (0, ())
        assert await outcomes(gateway) == CONFIRMED


async def test_an_empty_room_is_ended_without_asking(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 1) as gateway:
        await gateway.tell(left("c0", DAY + 5))
        await end(gateway)
        assert gateway.provider.calls == []
        assert await outcomes(gateway) == CONFIRMED


async def test_a_large_room_takes_longer_than_a_single_command_may(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 60, per_second=1) as gateway:
        await end(gateway)
        await gateway.advance(40_000)
        assert 0 < gateway.room.people < 30
        assert await outcomes(gateway) == []
        await gateway.advance(30_000)
        assert await outcomes(gateway) == CONFIRMED
        assert len(gateway.provider.called("disconnect")) == 60


async def test_at_the_first_429_everything_waits_and_goes_on_with_who_is_there(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 6, per_second=1) as gateway:
        await end(gateway)
        assert gateway.provider.called("disconnect") == ["c0"]
        gateway.provider.errors = [RateLimited("slowly", 12)]
        await gateway.advance(12_900)
        assert gateway.provider.called("disconnect") == ["c0", "c1"]
        await gateway.tell(left("c3", DAY + 50))
        await gateway.advance(10_000)
        assert sorted(gateway.provider.called("disconnect")[2:]) == ["c1", "c2", "c4", "c5"]
        assert await outcomes(gateway) == CONFIRMED


async def test_who_joins_meanwhile_is_disconnected_too(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 4, per_second=1) as gateway:
        await end(gateway)
        await gateway.tell(joined("late", DAY + 100, user="late"))
        await gateway.advance(5_000)
        assert gateway.provider.called("disconnect") == ["c0", "c1", "c2", "c3", "late"]
        assert await outcomes(gateway) == CONFIRMED


async def test_who_joins_while_the_list_is_waited_for_is_not_taken_for_gone(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 1) as gateway:
        gateway.provider.effect = "list"
        await end(gateway)
        await gateway.send(joined("late", DAY + 100, user="late"))
        assert await outcomes(gateway) == []
        await gateway.advance(7_000)
        assert gateway.provider.called("disconnect") == ["c0", "late"]
        assert [kind for kind, _, _ in await outcomes(gateway)] == ["room_end_confirmed"]


async def test_a_platform_that_only_lists_shows_the_end_by_its_list(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 2) as gateway:
        gateway.provider.effect = "list"
        await end(gateway)
        await gateway.advance(3_100)
        why = "missing in the platform's list; the platform reported no end"
        assert await outcomes(gateway) == [("room_end_confirmed", "", why)]


async def test_without_lists_the_end_is_known_from_webhooks(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 3) as gateway:
        gateway.provider.list_error = NotSupported("no such call")
        await end(gateway)
        assert await outcomes(gateway) == CONFIRMED


@pytest.mark.parametrize("lists", [True, False])
async def test_accepted_without_effect_is_no_end(tmp_path: Path, lists: bool) -> None:
    async with a_room_of(tmp_path, 2) as gateway:
        gateway.provider.effect, gateway.provider.complete = "none", lists
        gateway.provider.rooms = gateway.provider.rooms if lists else []
        await end(gateway)
        await gateway.advance(20_000)
        assert await outcomes(gateway) == []
        assert len(gateway.provider.called("disconnect")) > 4, "they are asked for again"
        await gateway.advance(25_000)
        ((kind, code, why),) = await outcomes(gateway)
        assert (kind, code) == ("room_end_failed", "provider_unavailable")
        assert why.startswith("2 of 2 are still there: the platform accepted ")
        assert gateway.room.people == 2


async def test_nothing_achieved_any_more_is_given_up_and_says_how_many_are_there(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 5, per_second=1) as gateway:
        await end(gateway)
        gateway.provider.errors = [Unavailable("The clinic's platform cannot be reached.")] * 50
        await gateway.advance(20_000)
        assert await outcomes(gateway) == []
        await gateway.advance(25_000)
        why = "4 of 5 are still there: The clinic's platform cannot be reached."
        assert await outcomes(gateway) == [("room_end_failed", "provider_unavailable", why)]


async def test_a_pause_that_is_too_long_ends_it_at_once(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 2) as gateway:
        gateway.provider.errors = [RateLimited("The platform asks for a pause.", 600)]
        await end(gateway)
        await gateway.advance(3_100)
        why = "2 of 2 are still there: The platform asks for a pause. It asks for 600 s: try again then."
        assert await outcomes(gateway) == [("room_end_failed", "rate_limited", why)]
        await end(gateway)
        ((_, _, why),) = (await outcomes(gateway))[1:]
        assert why.startswith("2 of 2 are still there: the platform asked for a pause of ")


async def test_credentials_that_are_refused_stop_it_at_once(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 3) as gateway:
        gateway.provider.errors = [Forbidden("The key may not do this.")]
        await end(gateway)
        assert gateway.provider.called("disconnect") == ["c0"]
        why = "3 of 3 are still there: The key may not do this."
        assert await outcomes(gateway) == [("room_end_failed", "provider_forbidden", why)]


async def test_one_who_cannot_be_disconnected_keeps_nobody_else_there(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 4) as gateway:
        gateway.provider.errors = [Rejected("That participant cannot be.")]
        await end(gateway)
        assert [one.id for one in gateway.room.here()] == ["c0"]
        why = "1 of 4 are still there: That participant cannot be."
        assert await outcomes(gateway) == [("room_end_failed", "provider_rejected", why)]


async def test_who_fails_goes_to_the_end_of_the_queue(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 3) as gateway:
        gateway.provider.errors = [Unavailable("not now")]
        await end(gateway)
        await gateway.advance(1_000)
        assert gateway.provider.called("disconnect") == ["c0", "c1", "c2", "c0"]
        assert await outcomes(gateway) == CONFIRMED


async def test_all_leaving_by_themselves_is_an_end_as_well(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 2) as gateway:
        gateway.provider.errors = [RateLimited("slowly", 12)]
        await end(gateway)
        await gateway.tell(left("c0", DAY + 50), left("c1", DAY + 50))
        await gateway.advance(13_000)
        assert gateway.provider.called("disconnect") == ["c0"]
        assert await outcomes(gateway) == CONFIRMED


async def test_a_failure_waits_for_the_effect_of_what_was_accepted(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 3, per_second=1) as gateway:
        gateway.provider.effect = "none"
        await end(gateway)
        gateway.provider.errors = [Forbidden("The key may not do this.")]
        await gateway.advance(2_000)
        assert gateway.provider.called("disconnect") == ["c0", "c1"]
        assert await outcomes(gateway) == []
        await gateway.tell(left("c0", DAY + 50))
        why = "2 of 3 are still there: The key may not do this."
        assert await outcomes(gateway) == [("room_end_failed", "provider_forbidden", why)]


async def test_a_failure_to_disconnect_whom_the_platform_reports_gone_is_none(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 2, per_second=1) as gateway:
        gateway.provider.effect = "none"
        await end(gateway)
        gateway.provider.errors = [Forbidden("The key may not do this.")]
        await gateway.advance(2_000)
        await gateway.tell(left("c1", DAY + 50), left("c0", DAY + 50))
        assert await outcomes(gateway) == CONFIRMED


async def test_people_who_come_back_as_fast_as_they_are_disconnected(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 4, per_second=1) as gateway:
        returning = Returning(gateway.provider, gateway)
        await end(gateway)
        await gateway.advance(60_000)
        ((kind, _, why),) = await outcomes(gateway)
        assert kind == "room_end_failed"
        assert why.endswith("people join as fast as they are disconnected")
        assert len(gateway.provider.called("disconnect")) < 60
        assert returning.count == len(gateway.provider.called("disconnect"))


class Returning:
    """Whoever is disconnected comes back at once, under another id."""

    def __init__(self, provider: FakeProvider, gateway: GatewayInProcess) -> None:
        self.count = 0
        self._gateway = gateway
        self._disconnect = provider.disconnect
        provider.disconnect = self.disconnect  # type: ignore[method-assign]

    async def disconnect(self, target: Target, *, block: bool) -> None:
        self.count += 1
        back = joined(f"again{self.count}", self._gateway.clock.now_ms() + 1, user="back")
        self._gateway.provider.happened(back)
        await self._gateway.send(back)
        await self._disconnect(target, block=block)


async def test_a_restart_goes_on_with_who_is_still_there(tmp_path: Path) -> None:
    async with a_room_of(tmp_path, 4, per_second=1) as gateway:
        await end(gateway)
        clock, rooms = gateway.clock, gateway.provider.rooms
    async with WithoutEnd(tmp_path, clock=clock, rooms=rooms) as again:
        await again.advance(5_000)
        assert await outcomes(again) == CONFIRMED
        assert again.provider.called("disconnect") == ["c1", "c2", "c3"]


# --- a real cloud ----------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def a_vonage_clinic(folder: Path, limit: float) -> AsyncIterator[tuple[RunningGateway, RunningCloud]]:
    """A gateway that asks as often as the cloud allows, in real time."""
    street = Street()
    async with (
        served(Starlette(routes=[Mount("/", street)])) as at,
        running(webhook=at + WEBHOOK, limit=limit) as cloud,
    ):
        options = VonageOptions(
            application_id=APPLICATION,
            private_key=private_key(),
            signature_secret=SIGNATURE_SECRET,
            base_url=cloud.url,
        )
        source = SourceConfig(SOURCE, VonageProvider, "vonage", options, 30_000, limit)
        street.gateway = RunningGateway(folder, SystemClock(), source=source)
        async with street.gateway as gateway:
            await gateway.start()
            yield gateway, cloud


async def test_sixty_people_leave_a_cloud_with_a_rate_limit(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "moderator.gateway")
    async with a_vonage_clinic(tmp_path, limit=20) as (gateway, cloud):
        session = (await cloud.order("join", user="u0"))["room"]
        for number in range(1, 60):
            await cloud.order("join", user=f"u{number}", room=session, streams=[])
        async with asyncio.timeout(10):
            while (room := gateway.known(session)) is None or room.people < 60:
                await asyncio.sleep(0.02)
        answer = await gateway.http.post(f"{room_path(session)}/end", json={"reason": "other"})
        assert answer.status_code == 202, answer.text
        async with asyncio.timeout(12):
            while not await outcomes(gateway):
                await asyncio.sleep(0.05)
        assert await outcomes(gateway) == CONFIRMED, await gateway.logged(RoomEndFailed)
        (room_there,) = (await cloud.truth("rooms"))["rooms"]
        assert room_there["connections"] == []
    assert "is tried again in 1.0 s: The platform asks for a pause." in caplog.text, "it met the limit on the way"
