from typing import Any

import pytest

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.errors import BadSignature, Gone, NotSupported
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.livekit.options import LiveKitOptions
from moderator.providers.provider import ACTIONS, Provider, Target
from tests.fakes.clock import FakeClock
from tests.providers.livekit.made import API_KEY, BEGIN, DATA, ROOM, delivery, fixture, joined, options
from tests.providers.livekit.server import LiveKit

HERE = Target(room=ROOM, participant="PA_ana", user="ana", platform={"identity": "ana"}, streams=("TR_1",))


@pytest.fixture
def provider(server: LiveKit, http: HttpClient) -> Provider:
    return LiveKitProvider("exams", options(base_url=server.url), http, SystemClock())


async def test_it_is_a_provider(provider: Provider) -> None:
    kind: type[Provider] = LiveKitProvider
    given: Any = kind.Options
    assert given is LiveKitOptions
    assert set(provider.capabilities) == set(ACTIONS)
    assert all(one.by for one in provider.capabilities.values())
    assert provider.finds_rooms


async def test_what_it_does_goes_to_the_server(server: LiveKit, provider: Provider) -> None:
    found = server.join(ROOM, "ana")
    found.tracks.add(sid="TR_1", source=2)
    await provider.mute(HERE)
    assert found.tracks[0].muted
    await provider.stop_stream(HERE)
    await provider.revoke(HERE)
    await provider.restore(HERE)
    assert list(found.permission.can_publish_sources) == [], "a microphone again, and with it everything"
    await provider.send_message(HERE, "hello")
    await provider.tell(HERE, "you")
    assert [one.room for one in (await provider.list_rooms(["unasked"])).rooms] == [ROOM]
    assert [one.room for one in (await provider.list_room(ROOM)).rooms] == [ROOM]
    await provider.disconnect(HERE, block=True)
    assert server.rooms[ROOM] == {}
    await provider.disconnect(HERE, block=True)
    await provider.end_room(HERE)
    with pytest.raises(Gone):
        await provider.end_room(HERE)


async def test_what_it_cannot_do(server: LiveKit, provider: Provider) -> None:
    await provider.readmit(HERE)
    with pytest.raises(NotSupported, match="for the gateway to do"):
        await provider.extend(HERE, None, BEGIN)
    assert server.asked == []


@pytest.mark.parametrize(
    ("user", "block", "expected"),
    [("ana", True, "blocked_by_gateway"), ("", True, "possible"), ("ana", False, "possible")],
)
async def test_what_keeps_a_person_out(provider: Provider, user: str, block: bool, expected: str) -> None:
    assert provider.rejoin(Target(room="r", participant="PA_1", user=user), block=block) == expected


async def test_a_delivery_that_is_signed(provider: Provider) -> None:
    body = delivery(joined("PA_ana")).body
    provider.authenticate(delivery(body, dict(provider.sign(options(), {}, body))))
    with pytest.raises(BadSignature):
        provider.authenticate(delivery(body))
    other = options(api_secret="the secret of another server, long enough too")
    with pytest.raises(BadSignature):
        provider.authenticate(delivery(body, dict(provider.sign(other, {}, body))))


async def test_deliveries_are_of_the_time_of_the_clock_that_is_given(http: HttpClient) -> None:
    headers = {name.lower(): value for name, value in fixture("webhooks/room_started.headers.json").items()}
    signed = delivery((DATA / "webhooks/room_started.json").read_bytes(), headers)
    clock = FakeClock(BEGIN)
    provider = LiveKitProvider("exams", options(), http, clock)
    provider.authenticate(signed)
    early = LiveKitProvider("exams", options(), http, FakeClock(BEGIN - 3_600_000))
    with pytest.raises(BadSignature, match="one of the two clocks is wrong"):
        early.authenticate(signed)


async def test_its_deliveries_are_events(provider: Provider) -> None:
    (found,) = provider.parse(delivery((DATA / "webhooks/participant_joined.json").read_bytes()))
    assert (found.kind, found.source, found.actor.id) == ("participant_joined", "exams", "livekit")
    assert API_KEY not in repr(found)
