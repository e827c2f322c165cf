import msgspec
import pytest

from moderator.providers.janus.options import Options, credential_key, credential_of, issue_token

GOOD = {
    "base_url": "http://127.0.0.1:8088/janus",
    "admin_url": "http://127.0.0.1:7088/admin",
    "admin_secret": "admin-secret",
    "token_secret": "token-secret",
    "webhook_user": "janus",
    "webhook_password": "password",
}


@pytest.mark.parametrize(
    "wrong", [{"admin_secret": ""}, {"webhook_password": ""}, {"room_secert": "x"}, {"base_url": 5}]
)
def test_bad_values_and_unknown_keys_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**GOOD, **wrong}, Options)


def test_no_secret_is_in_the_repr() -> None:
    text = repr(msgspec.convert(GOOD, Options))
    assert "7088" in text
    assert not [word for word in ("admin-secret", "token-secret", "password") if word in text]


def test_credentials_tell_tokens_apart_for_this_janus_only() -> None:
    options = msgspec.convert(GOOD, Options)
    key, other = credential_key(options), credential_key(msgspec.convert({**GOOD, "admin_secret": "x"}, Options))
    assert credential_of("a", key) == credential_of("a", credential_key(options))
    assert len({credential_of("a", key), credential_of("b", key), credential_of("a", other)}) == 3


def test_issued_tokens_are_the_documented_hash() -> None:
    # printf 'room:user' | openssl dgst -sha256 -hmac token-secret
    expected = "c532808c074b45640bcf2f1e9a2982724abe8e99bd2e418120650178f6c496f1"
    assert issue_token(msgspec.convert(GOOD, Options), "room", "user") == expected
