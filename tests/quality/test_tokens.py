import base64
import json
from typing import Any, Final

import jwt
import pytest

from moderator.quality.tokens import RtcStatsTokens
from tests.fakes.clock import FakeClock

SECRET: Final = "s" * 32
NOW_MS: Final = 1_795_226_313_999


def token() -> str:
    tokens = RtcStatsTokens(SECRET, FakeClock(NOW_MS))
    return tokens.token(user="user_def456", conference="room_meeting-42", session="sess_abc123")


def part(number: int) -> Any:
    text = token().split(".")[number]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def decoded(secret: str) -> dict[str, Any]:
    """Whatever time it is."""
    return jwt.decode(token(), secret, algorithms=["HS256"], options={"verify_exp": False, "verify_iat": False})


def test_it_is_what_the_server_of_rtcstats_reads() -> None:
    assert part(0) == {"alg": "HS256", "typ": "JWT"}
    assert part(1) == {
        "rtcStats": {"user": "user_def456", "session": "sess_abc123", "conference": "room_meeting-42"},
        "iat": 1_795_226_313,
        "exp": 1_795_226_913,
    }


def test_the_signature_is_of_the_shared_secret() -> None:
    assert decoded(SECRET)["exp"] == 1_795_226_913
    with pytest.raises(jwt.InvalidSignatureError):
        decoded("x" * 32)


def test_a_short_secret_is_refused_and_none_is_shown() -> None:
    with pytest.raises(ValueError, match="32 bytes") as raised:
        RtcStatsTokens("a-short-secret", FakeClock())
    assert "a-short-secret" not in str(raised.value)
    assert SECRET not in repr(RtcStatsTokens(SECRET, FakeClock()))
