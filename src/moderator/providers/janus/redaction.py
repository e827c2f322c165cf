"""What of a delivery may be written down for people: no credentials, and no addresses (session descriptions)."""

import re
from typing import Any, Final

import msgspec

KEPT_CHARACTERS: Final = 4_096 - len("[hidden]")
KEPT_DEPTH: Final = 32
HIDDEN: Final = "[hidden]"

SECRET_KEYS: Final = frozenset(
    {"token", "sdp", "jsep", "secret", "apisecret", "admin_secret", "admin_key", "pin", "private_id"}
)
# In what is no JSON, keys and values cannot be told apart; an escape could spell any of the words.
_SECRET_WORD: Final = re.compile(r"token|sdp|jsep|secret|admin_key|pin|private_id|\\u|\x00", re.IGNORECASE)


def readable(value: object) -> str:
    """Decoded JSON as text, without secrets, shortened."""
    try:
        return msgspec.json.encode(_without_secrets(value, KEPT_DEPTH)).decode()[:KEPT_CHARACTERS]
    except (ValueError, OverflowError, msgspec.MsgspecError):  # numbers and characters that JSON cannot carry
        return HIDDEN


def readable_bytes(body: bytes) -> str:
    """What is no JSON, up to where a secret might stand. Nothing of what is not even plain text."""
    try:
        text = body.decode()[:KEPT_CHARACTERS]
    except UnicodeDecodeError:
        return HIDDEN
    found = _SECRET_WORD.search(text)
    return text[: found.start()] + HIDDEN if found else text


def _without_secrets(value: Any, depth: int) -> Any:
    if depth == 0:
        return HIDDEN
    if isinstance(value, dict):
        return {
            key: HIDDEN if key.lower() in SECRET_KEYS else _without_secrets(member, depth - 1)
            for key, member in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(member, depth - 1) for member in value]
    return value
