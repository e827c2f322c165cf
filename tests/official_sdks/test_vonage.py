"""`vonage-video` and `opentok` beside our client. Neither lists connections, so there is nothing to compare that to."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec import Struct
from opentok import Client as OpenTok
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from vonage_http_client import Auth, HttpClientOptions
from vonage_http_client import HttpClient as VonageHttp
from vonage_video import Video
from vonage_video.models import SignalData

from moderator.http import HttpClient
from moderator.providers.conformance import Answer, Recorder
from moderator.providers.provider import Provider, Target
from moderator.providers.vonage import OpenTokProvider, VonageProvider
from moderator.providers.vonage.accounts import LIFETIME_S
from tests.fakes.clock import FakeClock
from tests.official_sdks.comparing import ABSENT, Difference, Wire, lifetime_s, recorded, unexplained
from tests.providers.vonage.made import API_KEY, API_SECRET, APPLICATION, opentok_options, private_key, vonage_options

SESSION: Final = "1_MX41ZDVmNmY2ZS0zYzBhfn4-fg"
ANA: Final = Target(room=SESSION, participant="7b3c0f52-8a51-4f0e-9d1b-6f1e2a3b4c5d", streams=("s-1",))


class Action(Struct, frozen=True):
    """What the official clients of both environments do, and ours."""

    vonage: Callable[[Any], object]
    opentok: Callable[[Any], object]
    ours: Callable[[Provider], Any]


ACTIONS: Final = {
    "disconnect": Action(
        lambda sdk: sdk.disconnect_client(ANA.room, ANA.participant),
        lambda sdk: sdk.force_disconnect(ANA.room, ANA.participant),
        lambda provider: provider.disconnect(ANA, block=False),
    ),
    "disconnect, with block": Action(
        lambda sdk: sdk.disconnect_client(ANA.room, ANA.participant),
        lambda sdk: sdk.force_disconnect(ANA.room, ANA.participant),
        lambda provider: provider.disconnect(ANA, block=True),
    ),
    "mute": Action(
        lambda sdk: sdk.mute_stream(ANA.room, "s-1"),
        lambda sdk: sdk.mute_stream(ANA.room, "s-1"),
        lambda provider: provider.mute(ANA),
    ),
    "message": Action(
        lambda sdk: sdk.send_signal(ANA.room, SignalData(type="moderator", data="Five minutes, ü")),
        lambda sdk: sdk.send_signal(ANA.room, {"type": "moderator", "data": "Five minutes, ü"}),
        lambda provider: provider.send_message(ANA, "Five minutes, ü"),
    ),
    "tell": Action(
        lambda sdk: sdk.send_signal(ANA.room, SignalData(type="moderator", data="You, ü"), ANA.participant),
        lambda sdk: sdk.send_signal(ANA.room, {"type": "moderator", "data": "You, ü"}, ANA.participant),
        lambda provider: provider.tell(ANA, "You, ü"),
    ),
    "disconnect somebody with an odd id": Action(
        lambda sdk: sdk.disconnect_client("s/../x", "c?y=1"),
        lambda sdk: sdk.force_disconnect("s/../x", "c?y=1"),
        lambda provider: provider.disconnect(Target(room="s/../x", participant="c?y=1"), block=False),
    ),
}
NO_TYPE: Final = Difference("header content-type", "application/json", ABSENT, "without a body there is no type of one")
QUOTED: Final = (
    "ids come with webhooks and must not change what is asked for: we quote them, as the official clients do not"
)


def differences(project: str) -> dict[str, list[Difference]]:
    """By action; those that are not here do exactly what the official client does."""
    at = f"/v2/project/{project}/session"
    return {
        "disconnect": [NO_TYPE],
        "disconnect, with block": [NO_TYPE],
        "mute": [NO_TYPE],
        "disconnect somebody with an odd id": [
            NO_TYPE,
            Difference("path", f"{at}/x/connection/c", f"{at}/s%2F..%2Fx/connection/c%3Fy%3D1", QUOTED),
            Difference("query y", "1", ABSENT, QUOTED),
        ],
    }


DIFFERENCES: Final = {"vonage": differences(APPLICATION), "opentok": differences(API_KEY)}
WIRES: Final = {
    "vonage": lambda: Wire(load_pem_private_key(private_key().encode(), None).public_key()),
    "opentok": lambda: Wire(API_SECRET),
}


class Plain(HTTPAdapter):
    """Takes the S away: the official client knows nothing but HTTPS, the recorder nothing but HTTP."""

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        assert request.url is not None
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, *args, **options)


def official(environment: str, url: str, key: str = "") -> Any:
    """The official client of the same account, or of one with another `key`, for whoever answers at `url`."""
    if environment == "opentok":
        return OpenTok(API_KEY, API_SECRET, api_url=url, timeout=5)
    auth = Auth(application_id=APPLICATION, private_key=key or private_key())
    http = VonageHttp(auth, HttpClientOptions(video_host=url.removeprefix("http://"), timeout=5))
    http._session.mount("https://", Plain())
    return Video(http)


def ours(environment: str, url: str, http: HttpClient) -> Provider:
    if environment == "opentok":
        return OpenTokProvider("clinic", opentok_options(base_url=url), http, FakeClock())
    return VonageProvider("clinic", vonage_options(base_url=url), http, FakeClock())


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("environment", WIRES)
async def test_requests_are_those_of_the_official_client(
    recorder: Recorder, http: HttpClient, environment: str, name: str
) -> None:
    recorder.respond = lambda request: Answer(200 if request.path.endswith("/mute") else 204)
    action, sdk, wire = ACTIONS[name], official(environment, recorder.url), WIRES[environment]()
    theirs = action.vonage if environment == "vonage" else action.opentok
    sent = await recorded(recorder, action.ours(ours(environment, recorder.url, http)))
    expected = await recorded(recorder, asyncio.to_thread(theirs, sdk))
    found = unexplained(wire, expected, sent, DIFFERENCES[environment].get(name, []))
    assert not found, "\n".join(found)
    assert [lifetime_s(wire, one) for one in sent] == [LIFETIME_S]
