"""What is kept beside the entries, and may be larger than a message: what trimmed entries led to, starts, and lists of
texts that were rewritten. In parts, each in a message of its own, and a head that counts once all of them are there.

What is replaced is overwritten on the servers' disks: it may hold names.
"""

import hashlib
import logging
import re
import secrets
from collections.abc import Sequence
from functools import partial
from typing import Final

import msgspec
from msgspec import Struct
from nats.js.errors import NotFoundError

from moderator.feed.codec import UNDECODABLE
from moderator.journal.jetstream.connection import Connection
from moderator.journal.jetstream.streams import Names

logger = logging.getLogger(__name__)

WITHIN_S: Final = 15.0
PART_BYTES: Final = 256 * 1024
TRIMMED: Final = "trimmed"
START: Final = "start"
REWRITTEN: Final = "rewritten"
_NUMBER: Final = re.compile("[0-9]{1,18}")


class _Head(Struct, frozen=True):
    token: str
    parts: int
    hash: str


_decoder: Final = msgspec.json.Decoder(_Head)


def _head(raw: bytes) -> _Head | None:
    """None where somebody else wrote it."""
    try:
        return _decoder.decode(raw)
    except UNDECODABLE:
        return None


class Kept:
    """Keeps things by a name and a number. Every call may raise LogError."""

    def __init__(self, connection: Connection, names: Names) -> None:
        self._connection = connection
        self._stream = names.kept
        self._prefix = names.part

    async def put(self, name: str, number: int, value: bytes) -> None:
        """Keep something, in place of what has this name and number. Of several who do so the last one's is kept."""
        token = secrets.token_hex(8)
        parts = [value[start : start + PART_BYTES] for start in range(0, len(value), PART_BYTES)]
        for number_of_part, part in enumerate(parts):
            await self._publish(f"{name}.{number}.{token}.{number_of_part}", part)
        head = _Head(token, len(parts), hashlib.sha256(value).hexdigest())
        place = await self._publish(f"{name}.{number}", msgspec.json.encode(head))
        await self._take_out_before(f"{name}.{number}", place)

    async def get(self, name: str, number: int) -> bytes | None:
        """What is kept; None when it is not."""
        raw, before = await self._newest(f"{name}.{number}"), None
        while raw is not None and raw != before:  # else it was replaced while it was read
            if (head := _head(raw)) is None:
                logger.error(
                    "what stands as %s.%d of %s is not from a gateway, and not used", name, number, self._stream
                )
                return None
            parts = [await self._newest(f"{name}.{number}.{head.token}.{part}") for part in range(head.parts)]
            value = b"".join(part for part in parts if part is not None)
            if hashlib.sha256(value).hexdigest() == head.hash:
                return value
            raw, before = await self._newest(f"{name}.{number}"), raw
        return None

    async def numbers(self, name: str) -> Sequence[int]:
        """What is kept by this name, in order."""
        found = [self._number(name, subject) for subject in await self._subjects(f"{name}.*")]
        return sorted(number for number in found if number is not None)

    async def drop(self, name: str, below: int) -> None:
        """Overwrite all of a name with smaller numbers, also what somebody began to keep and did not finish."""
        subjects = [*await self._subjects(f"{name}.*"), *await self._subjects(f"{name}.*.>")]
        numbered = [(self._number(name, subject), subject) for subject in subjects]
        await self._take_out([subject for number, subject in numbered if number is not None and number < below])

    def _number(self, name: str, subject: str) -> int | None:
        """None where the subject is none of ours."""
        number = subject.removeprefix(f"{self._prefix}{name}.").partition(".")[0]
        return int(number) if _NUMBER.fullmatch(number) else None

    async def _take_out_before(self, subject: str, place: int) -> None:
        """What earlier heads name: nothing that somebody is about to name."""
        full_subject = f"{self._prefix}{subject}"
        while (older := await self._connection.first_of(self._stream, full_subject)) is not None and older < place:
            message = await self._connection.insist(
                partial(self._connection.streams.get_msg, self._stream, seq=older), WITHIN_S
            )
            if (head := _head(message.data or b"")) is not None:
                await self._take_out(await self._subjects(f"{subject}.{head.token}.>"))
            await self._connection.overwrite(self._stream, older)

    async def _publish(self, subject: str, value: bytes) -> int:
        ack = await self._connection.insist(  # a part is large, and may take longer than `Connection.publish` waits
            lambda: self._connection.streams.publish(f"{self._prefix}{subject}", value), WITHIN_S
        )
        return ack.seq

    async def _newest(self, subject: str) -> bytes | None:
        try:
            message = await self._connection.insist(
                lambda: self._connection.streams.get_last_msg(self._stream, f"{self._prefix}{subject}"), WITHIN_S
            )
        except NotFoundError:
            return None
        return message.data or b""

    async def _subjects(self, filter_: str) -> Sequence[str]:
        info = await self._connection.insist(
            lambda: self._connection.streams.stream_info(self._stream, subjects_filter=f"{self._prefix}{filter_}"),
            WITHIN_S,
        )
        return list(info.state.subjects or ())

    async def _take_out(self, subjects: Sequence[str]) -> None:
        """Every message of these subjects."""
        for subject in subjects:
            while (place := await self._connection.first_of(self._stream, subject)) is not None:
                await self._connection.overwrite(self._stream, place)
