"""What the simulated clouds sign, and our replays, before the official verifiers and before our providers."""

from collections.abc import Mapping
from typing import Final

import pytest
from getstream.webhook import InvalidWebhookError, gunzip_payload, verify_and_parse_webhook
from getstream.webhook import verify_signature as verify_hmac
from livekit.api import TokenVerifier, WebhookReceiver
from msgspec import Struct
from vonage_jwt import verify_signature

from moderator.http import HttpClient
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.livekit.options import LiveKitOptions
from moderator.providers.stream import StreamProvider
from moderator.providers.stream.options import StreamOptions
from moderator.providers.vonage import OpenTokProvider, VonageProvider
from tests.official_sdks.deliveries import ANY, CODES, KEYED_TOKENS, TOKENS, Change, Posted, Sender
from tests.providers.vonage.made import (
    API_KEY,
    API_SECRET,
    APPLICATION,
    SIGNATURE_SECRET,
    opentok_options,
    private_key,
    vonage_options,
)

KEY, SECRET = "APIfixture01", "a secret of these tests alone, which is long enough for any algorithm"


def judged_by_vonage(posted: Posted) -> None:
    assert verify_signature(posted.headers["authorization"].removeprefix("Bearer "), SIGNATURE_SECRET)


def judged_by_livekit(posted: Posted) -> None:
    WebhookReceiver(TokenVerifier(KEY, SECRET)).receive(posted.body.decode(), posted.headers["authorization"])


def judged_by_stream(posted: Posted) -> None:
    assert verify_hmac(gunzip_payload(posted.body), posted.headers["x-signature"], SECRET)


def of_stream(simulated: str, changes: Mapping[str, Change]) -> Sender:
    return Sender(
        simulated=simulated,
        credentials=lambda: {"api_key": KEY, "api_secret": SECRET},
        provider=StreamProvider,
        options=lambda: StreamOptions(api_key=KEY, api_secret=SECRET),
        official=judged_by_stream,
        header="x-signature",
        secret=SECRET,
        changes=changes,
    )


SENDERS: Final = {
    "vonage": Sender(
        simulated="vonage",
        credentials=lambda: {
            "application_id": APPLICATION,
            "private_key": private_key(),
            "signature_secret": SIGNATURE_SECRET,
        },
        provider=VonageProvider,
        options=vonage_options,
        official=judged_by_vonage,
        header="authorization",
        secret=SIGNATURE_SECRET,
        changes=TOKENS,
    ),
    "opentok": Sender(
        simulated="vonage --environment opentok",
        credentials=lambda: {"api_key": API_KEY, "api_secret": API_SECRET, "signature_secret": SIGNATURE_SECRET},
        provider=OpenTokProvider,
        options=opentok_options,
        official=judged_by_vonage,
        header="authorization",
        secret=SIGNATURE_SECRET,
        changes=TOKENS,
    ),
    "livekit": Sender(
        simulated="livekit",
        credentials=lambda: {"api_key": KEY, "api_secret": SECRET},
        provider=LiveKitProvider,
        options=lambda: LiveKitOptions(api_key=KEY, api_secret=SECRET, base_url="ws://127.0.0.1:7880"),
        official=judged_by_livekit,
        header="authorization",
        secret=SECRET,
        changes=KEYED_TOKENS,
    ),
    "stream": of_stream("stream", CODES),
    "stream, compressed": of_stream("stream --gzip", ANY),
}
GENUINE: Final = {"signed anew", "compressed", "from a clock half a minute ahead", "expired half a minute ago"}
"""Changes that a verifier has to put up with; all others it has to refuse."""


class Difference(Struct, frozen=True):
    """Where one of both is not as it has to be, and why."""

    official: bool
    ours: bool
    why: str


NO_BODY: Final = Difference(True, False, "the official verifier sees the token only; we compare the body's hash too")
NO_LEEWAY: Final = Difference(False, True, "no two clocks are the same: we allow a minute, the verifier nothing")
_VONAGE: Final = {
    "one bit of the body is another": NO_BODY,
    "a blank after the body": NO_BODY,
    "no body": NO_BODY,
    "from a clock half a minute ahead": NO_LEEWAY,
    "expired half a minute ago": NO_LEEWAY,
}
SCHEME: Final = Difference(False, True, "a proxy may have put a scheme before the token, as other platforms do")
CAPITALS: Final = Difference(False, True, "the same number in another spelling")
APP: Final = Difference(True, False, "the official verifier does not look at the key of the app, which we compare")
DIFFERENCES: Final = {
    "vonage": _VONAGE,
    "opentok": _VONAGE,
    "livekit": {"with a scheme": SCHEME},
    "stream": {"in capitals": CAPITALS, "of another app": APP},
}

Posts = dict[str, list[Posted]]
CASES: Final = [(name, change) for name, sender in SENDERS.items() for change in sender.changes]


async def a_visit(sender: Sender) -> list[Posted]:
    """What the simulated cloud posts when somebody comes, publishes and leaves."""
    async with sender.running() as cloud:
        joined = await cloud.order("join", user="u-1", name="Ana", streams=["camera", "microphone"])
        await cloud.order("leave", connection=joined["connection"])
        await cloud.settled()
        received = zip(cloud.receiver.headers, cloud.receiver.bodies, strict=True)
        return [Posted(headers, body) for headers, body in received]


@pytest.fixture(scope="module")
async def posted() -> Posts:
    return {name: await a_visit(sender) for name, sender in SENDERS.items()}


@pytest.mark.parametrize("name", SENDERS)
async def test_what_the_simulated_cloud_signs_is_accepted_by_both(posted: Posts, http: HttpClient, name: str) -> None:
    sender = SENDERS[name]
    assert len(posted[name]) > 1
    assert [sender.officially_accepts(one) for one in posted[name]] == [True] * len(posted[name])
    assert [sender.accepts(one, http) for one in posted[name]] == [True] * len(posted[name])


@pytest.mark.parametrize("name", SENDERS)
async def test_what_we_sign_for_replays_is_accepted_by_both(posted: Posts, http: HttpClient, name: str) -> None:
    sender = SENDERS[name]
    replayed = [sender.replayed(one.body) for one in posted[name]]
    assert [sender.officially_accepts(one) for one in replayed] == [True] * len(replayed)
    assert [sender.accepts(one, http) for one in replayed] == [True] * len(replayed)


@pytest.mark.parametrize(("name", "change"), CASES)
async def test_what_was_changed_is_judged_alike(posted: Posts, http: HttpClient, name: str, change: str) -> None:
    sender = SENDERS[name]
    changed = sender.changes[change](sender, posted[name][0])
    found = sender.officially_accepts(changed), sender.accepts(changed, http)
    meant = change in GENUINE
    difference = DIFFERENCES.get(name, {}).get(change, Difference(meant, meant, "alike"))
    assert found == (difference.official, difference.ours), difference.why
    assert meant or changed != posted[name][0]
    assert set(DIFFERENCES.get(name, {})) <= set(sender.changes)


def refusal_by_parser(posted: Posted) -> str:
    """What the official verifier that also parses says; empty when it is content."""
    try:
        verify_and_parse_webhook(posted.body, posted.headers["x-signature"], SECRET)
    except InvalidWebhookError as error:
        return str(error)
    return ""


async def test_the_official_parser_of_stream_knows_one_form_of_dates_only() -> None:
    """A known fault of it: Stream writes both forms. So it can be no model for ours."""
    found = {}
    for dates in ("ns", "rfc3339"):
        found[dates] = [refusal_by_parser(one) for one in await a_visit(of_stream(f"stream --dates {dates}", ANY))]
    assert len(found["ns"]) > 1
    assert not any(found["ns"])
    assert all("invalid literal for int()" in one for one in found["rfc3339"])
