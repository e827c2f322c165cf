"""LiveKit as a provider: what it can do, put together from its parts."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import ClassVar, Final

from msgspec import Struct

from moderator.clock import Clock, SystemClock
from moderator.domain.events import Event
from moderator.domain.kinds import StreamKind
from moderator.domain.settings import Capability
from moderator.http import HttpClient
from moderator.providers.addresses import registration
from moderator.providers.bare import BareProvider
from moderator.providers.errors import Gone, Rejected
from moderator.providers.livekit import checks
from moderator.providers.livekit.api import RoomService
from moderator.providers.livekit.client import Client
from moderator.providers.livekit.options import LiveKitOptions
from moderator.providers.livekit.tokens import CREDENTIALS_LAST_MS, join_token, signed, verify_webhook
from moderator.providers.livekit.webhooks import Parser
from moderator.providers.provider import Admission, Delivery, Finding, Listing, Rejoin, Target

_CAPABILITIES: Final = {
    "extend": Capability("gateway"),
    "disconnect": Capability("provider"),
    "block": Capability("gateway", "LiveKit has no blocks: a server of one's own accepts the same token again"),
    "readmit": Capability("gateway"),
    "mute": Capability("provider"),
    "revoke": Capability("provider"),
    "stop_stream": Capability("provider"),
    "end": Capability("provider"),
    "message": Capability("provider"),
    "tell": Capability("provider"),
    "join": Capability("provider"),
    "list": Capability("provider"),
}


class LiveKitProvider(BareProvider):
    """One server, or one project of LiveKit Cloud. Implements `moderator.providers.provider.Provider`."""

    Options: ClassVar[type[Struct]] = LiveKitOptions
    capabilities: Mapping[str, Capability] = _CAPABILITIES
    finds_rooms = True
    audible: AbstractSet[StreamKind] = frozenset({"microphone", "custom"})
    """`custom` is the sound of a screen, or whatever an application does not name."""
    mutes_people = False
    credentials_last_ms = CREDENTIALS_LAST_MS

    def __init__(self, source: str, options: LiveKitOptions, http: HttpClient, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._parser = Parser(source, options.identity)
        self._service = RoomService(options, http, clock)
        self._client = Client(self._service, options.identity, clock)

    def authenticate(self, delivery: Delivery) -> None:
        """By the JWT that comes with every webhook. Raises BadSignature."""
        options = self._options
        verify_webhook(delivery, options.api_key, options.api_secret, self._clock.now_ms())

    @staticmethod
    def sign(options: LiveKitOptions, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        """The headers with which LiveKit would send this body to us now."""
        return signed(headers, body, options.api_key, options.api_secret, SystemClock().now_ms())

    def parse(self, delivery: Delivery) -> list[Event]:
        """See `webhooks.Parser`; never raises."""
        return self._parser.parse(delivery)

    def rejoin(self, target: Target, *, block: bool) -> Rejoin:
        """The same token lets them in again: only the gateway keeps people out, and only whom it knows by user."""
        return "blocked_by_gateway" if block and target.user else "possible"

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        """Who is in every open room."""
        return await self._client.list_rooms()

    async def list_room(self, room: str) -> Listing:
        """Who is in this room, without asking for others."""
        return await self._client.list_room(room)

    async def disconnect(self, target: Target, *, block: bool) -> None:
        """Remove this connection. The client is told, and can join again: see `rejoin`."""
        with suppress(Gone):
            await self._client.disconnect(target, block=block)

    async def readmit(self, target: Target) -> None:
        """Nothing can be undone: where tokens were revoked (LiveKit Cloud), the person needs a new one."""

    async def mute(self, target: Target) -> None:
        """Mute on the server. No webhook tells of it, lists do; the person can undo it."""
        await self._client.mute(target)

    async def revoke(self, target: Target) -> None:
        """Take the right to publish sound away, until `restore`, or a new connection."""
        await self._client.revoke(target)

    async def restore(self, target: Target) -> None:
        """Give the right back."""
        await self._client.restore(target)

    async def stop_stream(self, target: Target) -> None:
        """Take the right to publish from that source away, until the person joins anew."""
        await self._client.stop_stream(target)

    async def end_room(self, target: Target) -> None:
        """Close the room. Everybody is disconnected, and whose token is still good can open it again."""
        await self._client.end(target.room)

    async def send_message(self, target: Target, text: str) -> None:
        """Data on the topic `moderator` to everybody in the room, which the application has to show."""
        await self._client.send(target.room, text)

    async def tell(self, target: Target, text: str) -> None:
        """The same data, to one participant."""
        await self._client.tell(target, text)

    async def open_room(self, name: str) -> str:
        """Rooms are their names: the server opens one for the first who joins it."""
        return name

    async def credentials(self, admission: Admission) -> dict[str, str]:
        """A token of this room, without rights over others."""
        if not admission.room:
            raise Rejected("No room is named.")
        options, service = self._options, self._service
        expires_ms = service.platform_ms(admission.expires_at)
        token = join_token(options.api_key, options.api_secret, admission, service.now_ms(), expires_ms)
        return {"url": options.client_url, "room": admission.room, "token": token}

    async def check(self, webhook_url: str) -> list[Finding]:
        """See `checks`."""
        return [
            await checks.credentials(self._client),
            *checks.secret_length(self._options),
            registration(webhook_url, self._options.http_url, checks.WHERE),
        ]
