"""The ids under which rtcStats knows people, rooms and visits: opaque, so that its database names nobody. Pure but for
the random ids of visits.

A plain hash of an e-mail address is undone by guessing; a keyed one is not, as long as the key is secret. The same
key, source and id always give the same opaque id, so one can search by the real id without telling it to a database.
"""

import hmac
import uuid
from typing import Final, Literal

import msgspec

from moderator.domain.key_strength import MIN_KEY_BYTES, is_long_enough
from moderator.quality.errors import BadQuestion

DIGITS: Final = 32
"""Hexadecimal ones: 128 bits."""
MAX_ID: Final = 1024

Kind = Literal["user", "conference"]
_PREFIXES: Final[dict[Kind, str]] = {"user": "user_", "conference": "room_"}


class Identifiers:
    """Makes and recognises opaque ids. Raises ValueError for a key that is too short to keep a secret."""

    def __init__(self, key: str) -> None:
        if not is_long_enough(key):
            raise ValueError(
                f"rtcstats.id_key needs at least {MIN_KEY_BYTES} bytes: make one with openssl rand -hex 32"
            )
        self._key = key.encode()

    def user(self, source: str, user: str) -> str:
        """Of a person of one source."""
        return self._opaque("user", source, user)

    def conference(self, source: str, room: str) -> str:
        """Of a room of one source."""
        return self._opaque("conference", source, room)

    def session(self) -> str:
        """Of one visit: new each time."""
        return f"sess_{uuid.uuid4()}"

    def searched(self, kind: Kind, source: str | None, wanted: str) -> str:
        """What to look for in the database: `wanted` is a real id of `source`, or opaque already where there is none.

        With a source it is hashed whatever it looks like: who may ask about some rooms only is judged by the real id,
        and would get past that with the opaque one of another room. Raises BadQuestion for what may be a real id when
        no source is named: it is not sent to the database.
        """
        prefix = _PREFIXES[kind]
        if source:
            return self._opaque(kind, source, wanted)
        if wanted.startswith(prefix):
            return wanted
        raise BadQuestion(f"name the source of this {kind}, or give the opaque id that begins with {prefix}")

    def _opaque(self, kind: Kind, source: str, real: str) -> str:
        message = msgspec.json.encode([kind, source, real])  # unlike plain text with a separator, never ambiguous
        return _PREFIXES[kind] + hmac.digest(self._key, message, "sha256").hex()[:DIGITS]


def checked(kind: str, wanted: str) -> str:
    """An id that a database can be asked for. Raises BadQuestion."""
    if not wanted or len(wanted) > MAX_ID:
        raise BadQuestion(f"the {kind} has 1 to {MAX_ID} characters")
    if "\0" in wanted or not _is_text(wanted):
        raise BadQuestion(f"the {kind} contains characters that no id has")
    return wanted


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
