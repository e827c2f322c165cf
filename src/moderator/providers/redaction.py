"""What of a delivery may be written down for people: shortened, and without what a platform's secret keys hold."""

import re
from typing import Any, Final

import msgspec

KEPT_CHARACTERS: Final = 4_096 - len("[hidden]")
KEPT_DEPTH: Final = 32
HIDDEN: Final = "[hidden]"


class Redaction:
    """For one platform. `secret_keys` are in lower case."""

    def __init__(self, *secret_keys: str) -> None:
        self._keys = frozenset(secret_keys)
        # In what is no JSON, keys and values cannot be told apart; an escape could spell any of the words.
        words = [*map(re.escape, sorted(secret_keys)), r"\\u", "\x00"]
        self._secret_word = re.compile("|".join(words), re.IGNORECASE)

    def readable(self, value: object) -> str:
        """Decoded JSON as text, without secrets, shortened."""
        try:
            return msgspec.json.encode(self._without_secrets(value, KEPT_DEPTH)).decode()[:KEPT_CHARACTERS]
        except (ValueError, OverflowError, msgspec.MsgspecError):  # numbers and characters that JSON cannot carry
            return HIDDEN

    def readable_bytes(self, body: bytes) -> str:
        """What is no JSON, up to where a secret might stand. Nothing of what is not even plain text."""
        try:
            text = body.decode()[:KEPT_CHARACTERS]
        except UnicodeDecodeError:
            return HIDDEN
        found = self._secret_word.search(text)
        return text[: found.start()] + HIDDEN if found else text

    def _without_secrets(self, value: Any, depth: int) -> Any:
        if depth == 0:
            return HIDDEN
        if isinstance(value, dict):
            return {
                key: HIDDEN if key.lower() in self._keys else self._without_secrets(member, depth - 1)
                for key, member in value.items()
            }
        if isinstance(value, list):
            return [self._without_secrets(member, depth - 1) for member in value]
        return value
