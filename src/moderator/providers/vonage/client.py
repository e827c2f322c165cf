"""What the gateway wants of the Video API, in requests: who is in a session, and commands about sessions and people."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Struct

from moderator.clock import Clock
from moderator.providers.errors import Garbled, Gone, NotSupported, RateLimited, Rejected, Temporary, Uncertain
from moderator.providers.provider import ListedParticipant, ListedRoom, Listing, Target
from moderator.providers.reporting import NotUnderstoodError
from moderator.providers.vonage.api import VideoApi
from moderator.providers.vonage.monitoring import Time, moment_ms

LAG_MS: Final = 30_000
"""How soon the list shows somebody is not documented; a lost connection lingers as long."""
SIGNAL_TYPE: Final = "moderator"
MAX_SIGNAL_BYTES: Final = 8_192
SIGNAL_TIMEOUT_S: Final = 4.0
"""Less than the gateway waits for a call, so that it is we who say what a missing answer means."""
GONE_STATE: Final = "disconnected"


class _Connection(Struct, frozen=True, rename="camel"):
    connection_id: Annotated[str, msgspec.Meta(min_length=1)]
    connection_state: str = ""
    created_at: Time = None


class _Connections(Struct, frozen=True):
    items: tuple[_Connection, ...]
    count: int | str = 0


class Client:
    """One project. Raises the errors of `VideoApi`."""

    def __init__(self, api: VideoApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._has_listed = False
        """Whether it ever gave a list: where it did not, a 404 may mean that there is no such call."""
        self._unknown: set[str] = set()
        """Sessions that it did not know, as long as it never gave a list."""

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        """Who is in these sessions. A session that a platform with lists does not know has nobody in it.

        Raises NotSupported where it does not know one for the second time, and never gave a list.
        """
        taken_at = self._clock.now_ms()
        rooms, complete = [], True
        for session in known:
            try:
                answer = await self.connections(session)
            except Gone:
                complete = self._is_proof(session) and complete
                continue
            self._has_listed = True
            self._unknown.clear()
            rooms.append(ListedRoom(room=session, participants=tuple(map(_listed, _present(answer)))))
            complete = complete and _is_whole(answer)
        return Listing(taken_at=taken_at, rooms=tuple(rooms), complete=complete, lag_ms=LAG_MS)

    def _is_proof(self, session: str) -> bool:
        """Whether a 404 says that nobody is in this session. Raises NotSupported."""
        if self._has_listed:
            return True
        if session in self._unknown:
            raise NotSupported("This platform has given no list yet: who is in a room is known from callbacks only.")
        self._unknown.add(session)
        return False

    async def connections(self, session: str) -> _Connections:
        """The list as it is. Raises Gone for a session that never was, or has nobody in it; Garbled for nonsense."""
        body = await self._api.ask("GET", "session", session, "connection")
        try:
            return msgspec.json.decode(body, type=_Connections)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Garbled("The platform's list makes no sense. Is base_url right?") from error

    async def disconnect(self, session: str, connection: str) -> None:
        """Returns when the platform accepted it. Raises Gone."""
        await self._api.ask("DELETE", "session", session, "connection", connection)

    async def mute(self, target: Target) -> None:
        """Ask for silence of `target.streams`; the person can undo it. Gone when none of them is there."""
        gone: list[Gone] = []
        for stream in target.streams:
            try:
                await self._api.ask("POST", "session", target.room, "stream", stream, "mute")
            except Gone as error:
                gone.append(error)
        if gone and len(gone) == len(target.streams):
            raise gone[0]

    async def signal(self, session: str, text: str, connection: str = "") -> None:
        """A message to everybody in the session, or to one connection. Raises Uncertain where a second try might say
        it twice, and Gone for a connection that is not there.
        """
        if len(text.encode()) > MAX_SIGNAL_BYTES:
            raise Rejected(f"A message may have {MAX_SIGNAL_BYTES} bytes at most.")
        body = {"type": SIGNAL_TYPE, "data": text}
        receiver = ("connection", connection) if connection else ()
        try:
            await self._api.ask("POST", "session", session, *receiver, "signal", body=body, timeout_s=SIGNAL_TIMEOUT_S)
        except RateLimited:
            raise
        except Temporary as error:
            raise Uncertain(f"Whether the message arrived is not known, so it is not sent again. {error}") from error


def _present(answer: _Connections) -> list[_Connection]:
    return [one for one in answer.items if one.connection_state.lower() != GONE_STATE]


def _is_whole(answer: _Connections) -> bool:
    """Some answers come in pages."""
    try:
        return int(answer.count) <= len(answer.items)
    except ValueError:
        return False


def _listed(connection: _Connection) -> ListedParticipant:
    """The list does not say who it is: nothing that is known is overwritten by it."""
    try:
        joined_at = moment_ms(connection.created_at, None)
    except NotUnderstoodError:
        return ListedParticipant(participant=connection.connection_id)
    return ListedParticipant(participant=connection.connection_id, joined_at=joined_at)
