"""One app of Stream's as a provider: what it can do, put together."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import ClassVar, Final

from msgspec import Struct

from moderator.clock import Clock
from moderator.domain.events import Event
from moderator.domain.kinds import StreamKind
from moderator.domain.settings import Capability
from moderator.http import HttpClient
from moderator.providers.errors import Gone, NotSupported, Rejected
from moderator.providers.provider import Admission, Delivery, Finding, Listing, Rejoin, Target
from moderator.providers.stream import checks
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.client import SEND_AUDIO, SOUND, Client
from moderator.providers.stream.extending import Extending
from moderator.providers.stream.joining import CREDENTIALS_LAST_MS, Doorkeeper
from moderator.providers.stream.listing import Lists
from moderator.providers.stream.options import StreamOptions
from moderator.providers.stream.signatures import signed, verify
from moderator.providers.stream.tracks import track_of
from moderator.providers.stream.webhooks import Parser

_CAPABILITIES: Final = {
    "extend": Capability("provider"),
    "disconnect": Capability("provider", "every device of the person is disconnected, not only this one"),
    "block": Capability("provider"),
    "readmit": Capability("provider"),
    "mute": Capability("provider"),
    "revoke": Capability("provider"),
    "stop_stream": Capability("provider"),
    "end": Capability("provider"),
    "message": Capability("provider", "the application has to show it"),
    "tell": Capability(None, "Stream's events go to everybody in the call"),
    "join": Capability(
        "provider", "who may not share a screen is given the same token: the right goes by Stream's roles"
    ),
    "list": Capability("provider"),
}
_STOPPED: Final = {
    "screenshare": ("screenshare", "screenshare_audio"),
    "video": ("video",),
    "audio": ("audio",),
}
"""What to turn off for each kind of track."""


class StreamProvider:
    """Implements `moderator.providers.provider.Provider`.

    Stream acts on users: what is done to a participant is done to every device of the same person in that call.
    """

    Options: ClassVar[type[Struct]] = StreamOptions
    capabilities: Mapping[str, Capability] = _CAPABILITIES
    finds_rooms = True
    audible: AbstractSet[StreamKind] = frozenset({"microphone"})
    mutes_people = True
    credentials_last_ms = CREDENTIALS_LAST_MS

    def __init__(self, source: str, options: StreamOptions, http: HttpClient, clock: Clock) -> None:
        self._options = options
        self._parser = Parser(source)
        self._api = StreamApi(options, http, clock)
        self._client = Client(self._api, options.moderator_user)
        self._lists = Lists(self._api, clock)
        self._extending = Extending(self._api, clock)
        self._doorkeeper = Doorkeeper(self._api, options)

    def authenticate(self, delivery: Delivery) -> None:
        """The signature over the uncompressed body. Raises BadSignature."""
        verify(delivery, self._options)

    @staticmethod
    def sign(options: StreamOptions, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        """The headers with which Stream would send this body to us."""
        return signed(headers, body, options)

    def parse(self, delivery: Delivery) -> list[Event]:
        """See `webhooks.Parser`; never raises."""
        return self._parser.parse(delivery)

    def rejoin(self, target: Target, *, block: bool) -> Rejoin:
        """Stream keeps a blocked user out of this call itself."""
        return "blocked_by_provider" if block and target.user else "possible"

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        """Every ongoing call, known or not."""
        return await self._lists.list_rooms()

    async def list_room(self, room: str) -> Listing:
        """Who is in this call, without asking for others."""
        return await self._lists.list_room(room)

    async def disconnect(self, target: Target, *, block: bool) -> None:
        """Kick the user, with every device; with `block` they cannot join this call again."""
        with suppress(Gone):
            await self._client.kick(target, block=block)

    async def readmit(self, target: Target) -> None:
        """Lift the block of this call. Of a call that is gone there is none."""
        with suppress(Gone):
            await self._client.unblock(target)

    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        """Write the limit that ends the session then, and read what Stream makes of it. See `extending`."""
        return await self._extending.extend(target.room, expected, ends_at)

    async def mute(self, target: Target) -> None:
        """Turn everything off that this person can be heard by; they can turn it on again.

        Needs no `target.streams`: Stream mutes kinds of tracks, published or not.
        """
        await self._client.mute(target, SOUND)

    async def revoke(self, target: Target) -> None:
        """Take the right to send sound away, then turn off what is heard; a screen's sound can be turned on again."""
        await self._client.revoke(target, SEND_AUDIO)
        await self._client.mute(target, SOUND)

    async def restore(self, target: Target) -> None:
        """Give the right to send sound back."""
        await self._client.grant(target, SEND_AUDIO)

    async def stop_stream(self, target: Target) -> None:
        """Turn the track off. A screen stays off, since the right to share goes too; camera and microphone do not."""
        track = track_of(target.streams[0]) if target.streams else ""
        if not track:
            raise Rejected("There is no such stream.")
        if track == "screenshare":
            await self._client.revoke(target, track)
        await self._client.mute(target, _STOPPED[track])

    async def end_room(self, target: Target) -> None:
        """End the call for everybody."""
        await self._client.end(target)

    async def send_message(self, target: Target, text: str) -> None:
        """A custom event of type `moderator` to everybody in the call."""
        await self._client.message(target, text)

    async def tell(self, target: Target, text: str) -> None:
        """Stream has no message to one person. Raises NotSupported."""
        raise NotSupported(f"{_CAPABILITIES['tell'].why}.")

    async def open_room(self, name: str) -> str:
        """The call of that name and of the type `call_type`."""
        return await self._doorkeeper.open_call(name)

    async def credentials(self, admission: Admission) -> dict[str, str]:
        """A token of this user for this call."""
        return self._doorkeeper.credentials(admission)

    async def check(self, webhook_url: str) -> list[Finding]:
        """See `checks`. What the account may do in each call shows in that call only."""
        return await checks.all_of(self._api, self._options, webhook_url)
