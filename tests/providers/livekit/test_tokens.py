import datetime
import json
from typing import Any

import jwt
import pytest
from livekit.api import TokenVerifier, WebhookReceiver
from msgspec.structs import replace

from moderator.clock import SystemClock
from moderator.providers.errors import BadSignature, Rejected
from moderator.providers.livekit.provider import LiveKitProvider
from moderator.providers.livekit.tokens import access_token, join_token, verify_webhook
from moderator.providers.provider import Admission
from tests.providers.livekit.made import API_KEY, API_SECRET, BEGIN, BEGIN_S, DATA, delivery, joined, options

BODY = json.dumps(joined("PA_ana")).encode()
HASH = jwt.decode(LiveKitProvider.sign(options(), {}, BODY)["authorization"], options={"verify_signature": False})[
    "sha256"
]
FIXTURES = sorted(path.name.removesuffix(".headers.json") for path in DATA.glob("webhooks/*.headers.json"))


def verify(headers: dict[str, str], body: bytes = BODY, now_ms: int = BEGIN) -> None:
    verify_webhook(delivery(body, headers), API_KEY, API_SECRET, now_ms)


def token(secret: str = API_SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    known = {"iss": API_KEY, "nbf": BEGIN_S, "exp": BEGIN_S + 300, "sha256": HASH}
    members = {name: value for name, value in {**known, **claims}.items() if value is not None}
    return jwt.encode(members, secret, algorithm=algorithm)


@pytest.mark.parametrize("name", FIXTURES)
def test_deliveries_of_the_fixtures_are_believed(name: str) -> None:
    headers = json.loads((DATA / f"webhooks/{name}.headers.json").read_text())
    body = (DATA / f"webhooks/{name}.json").read_bytes()
    lowered = {key.lower(): value for key, value in headers.items()}
    verify(lowered, body)
    with pytest.raises(BadSignature, match="another body"):
        verify(lowered, body + b" ")
    with pytest.raises(BadSignature, match="signed in the future"):
        verify(lowered, body, BEGIN - 61_000)


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) == 6


def test_what_we_sign_is_accepted_by_us_and_by_the_official_library() -> None:
    headers = dict(LiveKitProvider.sign(options(), {"Authorization": "old", "x": "1"}, BODY))
    assert set(headers) == {"authorization", "x"}
    verify(headers, now_ms=SystemClock().now_ms())
    official = WebhookReceiver(TokenVerifier(API_KEY, API_SECRET))
    assert official.receive(BODY.decode(), headers["authorization"]).participant.sid == "PA_ana"
    with pytest.raises(Exception, match="hash mismatch"):
        official.receive(BODY.decode() + " ", headers["authorization"])


@pytest.mark.parametrize(
    ("claims", "now_ms"),
    [
        ({}, BEGIN),
        ({}, BEGIN - 60_000),
        ({}, BEGIN + 359_000),
        ({"nbf": None}, BEGIN - 3_600_000),
        ({"iat": BEGIN_S + 5_000, "sub": "x", "video": {}}, BEGIN),
    ],
)
def test_what_is_accepted(claims: dict[str, Any], now_ms: int) -> None:
    verify({"authorization": token(**claims)}, now_ms=now_ms)
    verify({"authorization": f"Bearer {token(**claims)}"}, now_ms=now_ms)


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("", "is not signed"),
        ("Basic abc", "is not signed"),
        ("nonsense", "is not signed with this source's"),
        ("ä.ö.ü", "is not signed with this source's"),
        (token("another secret that is long enough as well"), "is not signed with this source's"),
        (
            jwt.encode({"iss": API_KEY, "exp": BEGIN_S + 9, "sha256": HASH}, "", "none"),
            "is not signed with this source's",
        ),
        (token(iss="APIanother"), "is not signed with this source's"),
        (token(iss=None), "is not signed with this source's"),
        (token(exp=None), "is not signed with this source's"),
        (token(nbf=BEGIN_S + 61), "in the future"),
        (token(exp=BEGIN_S - 60), "has expired"),
        (token(exp="soon"), "times that are none"),
        (token(nbf=[5]), "times that are none"),
        (token(sha256=None), "belongs to another body"),
        (token(sha256=5), "belongs to another body"),
        (token(sha256="ü"), "belongs to another body"),
    ],
)
def test_what_is_refused_without_telling_the_secret(header: str, problem: str) -> None:
    with pytest.raises(BadSignature, match=problem) as refused:
        verify({"authorization": header} if header else {})
    assert API_SECRET not in str(refused.value)


def test_no_other_algorithm_will_do() -> None:
    secret = "a secret that is long enough even for an algorithm with twice the bits"
    for algorithm, accepted in (("HS256", True), ("HS512", False)):
        headers = {"authorization": token(secret, algorithm)}
        if accepted:
            verify_webhook(delivery(BODY, headers), API_KEY, secret, BEGIN)
        else:
            with pytest.raises(BadSignature):
                verify_webhook(delivery(BODY, headers), API_KEY, secret, BEGIN)


def test_a_token_of_ours_is_good_for_what_it_is_for_and_not_for_long() -> None:
    made = access_token(API_KEY, API_SECRET, {"roomAdmin": True, "room": "r"}, SystemClock().now_ms())
    claims = TokenVerifier(API_KEY, API_SECRET, leeway=datetime.timedelta(0)).verify(made)
    assert claims.video is not None
    assert (claims.video.room_admin, claims.video.room, claims.video.room_list) == (True, "r", None)
    plain = jwt.decode(made, options={"verify_signature": False})
    assert set(plain) == {"iss", "nbf", "exp", "video"}
    assert plain["exp"] - plain["nbf"] == 120


ANA = Admission(room="exam", user="u-17", name="Ana", role="student", expires_at=0, extra={"rtcstats.user": "user_1"})


def joining(admission: Admission) -> tuple[str, Any]:
    now_ms = SystemClock().now_ms()
    token = join_token(API_KEY, API_SECRET, admission, now_ms, now_ms + 600_000)
    return token, TokenVerifier(API_KEY, API_SECRET).verify(token)


def test_who_joins_may_do_no_more_than_join() -> None:
    """Read by the official library."""
    token, claims = joining(ANA)
    assert (claims.identity, claims.name) == ("u-17", "Ana")
    assert claims.attributes == {"role": "student", "rtcstats.user": "user_1"}
    granted = {name: value for name, value in vars(claims.video).items() if value not in (None, False)}
    assert granted == {
        **{"room_join": True, "room": "exam"},
        **{"can_publish": True, "can_subscribe": True, "can_publish_data": True},
    }
    times = jwt.decode(token, options={"verify_signature": False})
    assert times["exp"] - times["nbf"] == 600


def test_who_may_not_share_a_screen_has_no_right_to() -> None:
    _, claims = joining(replace(ANA, may_share_screen=False))
    assert claims.video.can_publish_sources == ["camera", "microphone"]


def test_nobody_joins_as_nobody() -> None:
    with pytest.raises(Rejected):
        joining(replace(ANA, user=""))
