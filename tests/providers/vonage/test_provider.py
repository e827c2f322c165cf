from typing import Any

import pytest

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.errors import BadSignature, NotSupported, Rejected
from moderator.providers.provider import ACTIONS, Provider, Target
from moderator.providers.vonage import OpenTokProvider, VonageProvider
from moderator.providers.vonage.options import OpenTokOptions, VonageOptions
from tests.providers.vonage.cloud import Cloud
from tests.providers.vonage.made import (
    API_KEY,
    APPLICATION,
    BEGIN,
    SESSION,
    created,
    delivery,
    fixture,
    opentok_options,
    vonage_options,
)

HERE = Target(room=SESSION, participant="c1", user="ana", streams=("s1",))


@pytest.fixture(params=["vonage", "opentok"])
def provider(request: pytest.FixtureRequest, cloud: Cloud, http: HttpClient) -> Provider:
    if request.param == "vonage":
        return VonageProvider("clinic", vonage_options(base_url=cloud.url), http, SystemClock())
    return OpenTokProvider("clinic", opentok_options(base_url=cloud.url), http, SystemClock())


def project_of(provider: Provider) -> str:
    return APPLICATION if isinstance(provider, VonageProvider) else API_KEY


async def test_they_are_providers(provider: Provider) -> None:
    kinds: dict[type[Provider], Any] = {VonageProvider: VonageOptions, OpenTokProvider: OpenTokOptions}
    assert all(kind.Options is options for kind, options in kinds.items())
    assert set(provider.capabilities) == set(ACTIONS)
    assert all(found.why for found in provider.capabilities.values() if found.by is None)
    assert not provider.finds_rooms


async def test_what_it_does_goes_to_the_platform(cloud: Cloud, provider: Provider) -> None:
    at = f"/v2/project/{project_of(provider)}/session/{SESSION}"
    cloud.sessions = {SESSION: {"c1": BEGIN, "c2": BEGIN, "c3": BEGIN}}
    await provider.disconnect(HERE, block=True)
    assert set(cloud.sessions[SESSION]) == {"c2", "c3"}
    await provider.disconnect(HERE, block=False)
    await provider.mute(HERE)
    await provider.send_message(HERE, "hello")
    await provider.tell(HERE, "you")
    assert cloud.paths("POST") == [f"{at}/stream/s1/mute", f"{at}/signal", f"{at}/connection/c1/signal"]
    (room,) = (await provider.list_rooms([SESSION])).rooms
    assert [one.participant for one in room.participants] == ["c2", "c3"]


async def test_nobody_is_told_what_is_meant_for_one(cloud: Cloud, provider: Provider) -> None:
    with pytest.raises(Rejected, match="nobody can be told"):
        await provider.tell(Target(room=SESSION), "you")
    assert cloud.asked == []


async def test_what_it_cannot_do(cloud: Cloud, provider: Provider) -> None:
    with pytest.raises(NotSupported, match="no such call"):
        await provider.stop_stream(HERE)
    assert provider.capabilities["end"].by == "gateway"
    with pytest.raises(NotSupported, match="no call to end a room"):
        await provider.end_room(HERE)
    assert cloud.asked == []


@pytest.mark.parametrize(
    ("user", "block", "expected"),
    [("ana", True, "blocked_by_gateway"), ("", True, "possible"), ("ana", False, "possible")],
)
async def test_what_keeps_a_person_out(provider: Provider, user: str, block: bool, expected: str) -> None:
    assert provider.rejoin(Target(room="s", participant="c", user=user), block=block) == expected


async def test_a_delivery_that_is_signed(provider: Provider) -> None:
    options = vonage_options() if isinstance(provider, VonageProvider) else opentok_options()
    body = delivery(created("c1")).body
    provider.authenticate(delivery(body, dict(provider.sign(options, {}, body))))
    with pytest.raises(BadSignature):
        provider.authenticate(delivery(body))


async def test_a_network_is_looked_at_with_and_without_a_signature(http: HttpClient) -> None:
    body = delivery(created("c1")).body
    for secret in ("", "a secret that is as long as secrets should be"):
        options = opentok_options(signature_secret=secret, allow_from=("216.147.0.0/18",))
        provider = OpenTokProvider("clinic", options, http, SystemClock())
        headers = dict(OpenTokProvider.sign(options, {}, body))
        provider.authenticate(delivery(body, headers, "216.147.1.1"))
        with pytest.raises(BadSignature, match="allow_from"):
            provider.authenticate(delivery(body, headers, "203.0.113.1"))


async def test_its_deliveries_are_told_apart_by_project(provider: Provider) -> None:
    folder = "unified" if isinstance(provider, VonageProvider) else "legacy"
    for name, kind in (("unified", "participant_joined"), ("legacy", "participant_joined")):
        body = fixture(f"webhooks/{name}/connection_created_json_data.json")
        (event,) = provider.parse(delivery(body))
        assert event.kind == (kind if name == folder else "provider_event_unknown")
        assert event.actor.id == ("vonage" if isinstance(provider, VonageProvider) else "opentok")
