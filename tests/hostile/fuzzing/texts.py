"""A target: short texts in addresses, headers, fields and settings. Each is read, or refused as is documented."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from moderator.client.texts import next_time, safe, table
from moderator.client.versions import is_newer
from moderator.domain.durations import parse_duration_ms
from moderator.feed.messages import parse_cursor
from moderator.feed.paths import BadId, quote_id, unquote_id
from moderator.gateway.configuration.key_lines import key_lines
from moderator.gateway.configuration.secrets import SecretError, read_handed
from moderator.providers.identity import Identity, read_person
from tests.fakes.builders import DAY
from tests.hostile.fuzzing.target import Target

KEY: Final = "a key that signs tokens for this test only, long enough"
Refusals = type[Exception] | tuple[type[Exception], ...]


def targets() -> list[Target]:
    """The one."""
    return [Target("text", _texts, read_text, grows=True)]


def _id(text: str) -> bool:
    id_ = unquote_id(text)
    assert unquote_id(quote_id(id_)) == id_, "an id does not come back"
    return text.startswith("~")


def _person(text: str) -> bool:
    found = [read_person(text, None), *(read_person(text, Identity(format=one)) for one in ("json", "query", "text"))]
    return any(one.user for one in found)


_READERS: Final[dict[str, tuple[Callable[[str], object], Refusals]]] = {
    "duration": (parse_duration_ms, (ValueError, OverflowError)),
    "id": (_id, BadId),
    "cursor": (parse_cursor, ()),
    "time of day": (lambda text: next_time(text, DAY), ValueError),
    "shown": (lambda text: table([[safe(text), "x"], ["", safe(text)]]), ()),
    "version": (is_newer, ()),
    "keys": (key_lines, ValueError),
    "handed": (lambda text: read_handed(text.encode("utf-8", "surrogateescape")), SecretError),
    "person": (_person, ()),
}


def _texts() -> Sequence[bytes]:
    written = ("1h30m", "45s", "1.5d", "room-1", "~cm9vbQ", "log-17", "14:30", "1.2.3+x", "a b", f"{KEY}\n{KEY}2")
    people = ('{"userId":"u1","name":"Anna","role":"doctor","room":"r"}', "userId=u1&name=Anna+B&role=doctor")
    handed = '{"key":"k","name":"n","log":"l","secrets":{"a":"b"}}'
    return [text.encode() for text in (*written, *people, handed)]


def read_text(body: bytes) -> Iterator[str]:
    """Every reader, with the same text."""
    text = body.decode("utf-8", "surrogateescape")
    for name, (read, refusals) in _READERS.items():
        try:
            found = read(text)
        except refusals as error:
            yield f"{name} {type(error).__name__}"
        else:
            yield f"{name} {type(found).__name__} {found if isinstance(found, bool) else ''}"
