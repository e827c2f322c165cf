"""Personal texts in their stream: one subject for those of an entry, under a reference that tells nothing.

They are written before the entry that names them, so whoever reads an entry finds them.
"""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Final, NamedTuple

from nats.js.api import RawStreamMsg
from nats.js.errors import APIError, NotFoundError, ServiceUnavailableError

from moderator.clock import Clock
from moderator.journal.event_log import LogError
from moderator.journal.jetstream.connection import FAILURES, Connection
from moderator.journal.jetstream.envelopes import REF_BYTES, pack_texts, unpack_texts
from moderator.journal.jetstream.streams import Names
from moderator.journal.stored import StoredText

WITHIN_S: Final = 4.0
READ_WITHIN_S: Final = 60.0
ANY_WITHIN_S: Final = 0.5
NOBODY_FOR_S: Final = 10.0
_ID: Final = "Nats-Msg-Id"


class Found(NamedTuple):
    """Texts, and where their message stands in its stream."""

    place: int
    texts: tuple[StoredText, ...]


class TextsMissing(LogError):
    """The texts of an entry are not there: it was trimmed meanwhile, or they were lost."""

    def __init__(self) -> None:
        super().__init__("The personal texts of an entry of the log are missing.")


class Texts:
    """Writes and reads texts. Every call may raise LogError."""

    def __init__(self, connection: Connection, names: Names, clock: Clock) -> None:
        self._connection = connection
        self._names = names
        self._clock = clock
        self._nobody_before = 0.0
        """When any server may be asked again."""

    async def put(self, texts: Sequence[StoredText]) -> tuple[bytes, int]:
        """Store the texts of an entry that is about to be written: their reference, and their place."""
        ref = secrets.token_bytes(REF_BYTES)
        return ref, await self._publish(ref, texts, {_ID: ref.hex()})

    async def get(self, ref: bytes) -> Found:
        """The texts of an entry. Any server is asked first, then the one that knows best."""
        found = await self._get_from_any(ref) or await self.get_newest(ref)
        if found is None:
            raise TextsMissing
        return found

    async def _get_from_any(self, ref: bytes) -> Found | None:
        """None when that server does not have them yet, or is cut off: a request to it is lost without a word."""
        now = self._clock.monotonic()
        if now < self._nobody_before:
            return None
        try:
            async with asyncio.timeout(ANY_WITHIN_S):
                streams = self._connection.streams
                return _found(await streams.get_last_msg(self._names.texts, self._subject(ref), direct=True))
        except NotFoundError:
            return None
        except (APIError, *FAILURES):
            self._nobody_before = now + NOBODY_FOR_S
            return None

    async def get_newest(self, ref: bytes) -> Found | None:
        """The texts of an entry, as they are now; None when they were trimmed."""
        streams, subject = self._connection.streams, self._subject(ref)
        try:
            return _found(
                await self._connection.insist(lambda: streams.get_last_msg(self._names.texts, subject), READ_WITHIN_S)
            )
        except NotFoundError:
            return None

    async def replace(self, ref: bytes, texts: Sequence[StoredText]) -> None:
        """Write the texts of an entry anew, and overwrite on the disks of the servers what they were."""
        place = await self._publish(ref, texts, None)
        while (older := await self._connection.first_of(self._names.texts, self._subject(ref))) != place:
            if older is None:  # they were trimmed
                return
            await self.delete(older)

    async def delete(self, place: int) -> None:
        """Overwrite the message at a place."""
        await self._connection.overwrite(self._names.texts, place)

    async def _publish(self, ref: bytes, texts: Sequence[StoredText], headers: dict[str, str] | None) -> int:
        message, subject = pack_texts(texts), self._subject(ref)

        async def publish() -> int:
            ack = await self._connection.publish(subject, message, headers)
            return await self._place(subject) if ack.duplicate else ack.seq

        try:
            return await self._connection.insist(publish, WITHIN_S)
        except APIError as error:
            raise self._connection.explain(error) from error

    async def _place(self, subject: str) -> int:
        """Where texts stand of which a server says that it knew them: version 2.10 says so also when it is cut off and
        only meant to store them.
        """
        try:
            message = await self._connection.streams.get_last_msg(self._names.texts, subject)
        except NotFoundError:
            raise ServiceUnavailableError from None
        return message.seq or 0

    def _subject(self, ref: bytes) -> str:
        return f"{self._names.text}{ref.hex()}"


def _found(message: RawStreamMsg) -> Found:
    return Found(message.seq or 0, unpack_texts(message.data or b""))
