"""What stands in the messages of the streams: an entry, and the personal texts of one. Pure.

An entry's message is a version, its salt, the reference to its texts, and its body, so that every gateway gets the same
hash of it. The texts stand in another stream, where a message can be taken out.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from moderator.feed.codec import UNDECODABLE, CodecError
from moderator.journal.integrity import SALT_BYTES
from moderator.journal.stored import Stored, StoredText

REF_BYTES: Final = 16
_VERSION: Final = 1
_VERSIONS: Final = range(1, 32)
"""What a version may be: neither nothing nor the beginning of a text."""
_HEAD_BYTES: Final = 1 + SALT_BYTES + REF_BYTES
_NO_REF: Final = bytes(REF_BYTES)


class Stray(CodecError):
    """What somebody else put into the stream: no version has such messages."""


class Envelope(NamedTuple):
    """An entry as its message holds it."""

    salt: bytes
    ref: bytes
    """Of its texts; empty where it has none. Of the record of an erasure: of the list of what was rewritten."""
    body: bytes


_texts_decoder: Final = msgspec.msgpack.Decoder(tuple[StoredText, ...])
_texts_encoder: Final = msgspec.msgpack.Encoder()


def seal(stored: Stored, ref: bytes) -> bytes:
    """The message of an entry."""
    return b"".join((bytes((_VERSION,)), stored.salt, ref or _NO_REF, stored.body))


def unseal(message: bytes) -> Envelope:
    """What `seal` made. Raises CodecError, Stray."""
    if len(message) < _HEAD_BYTES or message[0] not in _VERSIONS:
        raise Stray("a message of the log holds no entry")
    if message[0] != _VERSION:
        raise CodecError(f"a message of the log is of version {message[0]}, and this one knows {_VERSION}")
    ref = message[1 + SALT_BYTES : _HEAD_BYTES]
    return Envelope(message[1 : 1 + SALT_BYTES], b"" if ref == _NO_REF else ref, message[_HEAD_BYTES:])


def pack_texts(texts: Sequence[StoredText]) -> bytes:
    """The message of the texts of an entry."""
    return _texts_encoder.encode(texts)


def unpack_texts(message: bytes) -> tuple[StoredText, ...]:
    """What `pack_texts` made. Raises CodecError."""
    try:
        return _texts_decoder.decode(message)
    except UNDECODABLE as error:
        raise CodecError(f"the texts of an entry cannot be read: {error}") from error
