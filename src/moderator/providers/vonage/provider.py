"""The two environments as providers: what differs is put together in the constructors, what they do is the same."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from ipaddress import ip_network
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
from moderator.providers.provider import Admission, Delivery, Finding, Listing, Rejoin, Target
from moderator.providers.short_secrets import short_secret
from moderator.providers.vonage import checks
from moderator.providers.vonage.accounts import Account, Application, Project
from moderator.providers.vonage.api import VideoApi
from moderator.providers.vonage.client import Client
from moderator.providers.vonage.joining import CREDENTIALS_LAST_MS, Doorkeeper
from moderator.providers.vonage.options import OpenTokOptions, VonageOptions
from moderator.providers.vonage.signatures import signed, verify_sender, verify_signature
from moderator.providers.vonage.webhooks import Parser

_CAPABILITIES: Final = {
    "extend": Capability("gateway"),
    "disconnect": Capability("provider"),
    "block": Capability("gateway", "a removed client can join again with the same token; the gateway removes it again"),
    "readmit": Capability("gateway"),
    "mute": Capability("provider"),
    "revoke": Capability(None, "Vonage can mute only once: the person can turn the microphone on again"),
    "stop_stream": Capability(None, "Vonage has no such call"),
    "end": Capability("gateway", "Vonage has no call to end a room: everybody is disconnected, one by one"),
    "message": Capability("provider"),
    "tell": Capability("provider"),
    "join": Capability("provider", "who may not share a screen is given the same token: Vonage has no right for it"),
    "list": Capability("provider"),
}
VONAGE_DASHBOARD: Final = (
    "in the Vonage dashboard: Applications, your application, Video, session monitoring (each of its event types),"
    " and turn on secure callbacks with signature_secret."
)
OPENTOK_PORTAL: Final = "in the video account portal: your project, Project Settings, Session Monitoring."


class _Sessions(BareProvider):
    """What both do alike: everything that takes no look at credentials."""

    capabilities: Mapping[str, Capability] = _CAPABILITIES
    finds_rooms = False
    audible: AbstractSet[StreamKind] = frozenset({"microphone", "camera", "screen", "custom"})
    """One stream carries sound and picture; which of both it has, nobody tells."""
    mutes_people = False
    credentials_last_ms = CREDENTIALS_LAST_MS

    def __init__(
        self, parser: Parser, account: Account, options: VonageOptions | OpenTokOptions, http: HttpClient, clock: Clock
    ) -> None:
        api = VideoApi(options.base_url, account, http, clock)
        self._parser = parser
        self._client = Client(api, clock)
        self._doorkeeper = Doorkeeper(api, account, options.identity, http, clock)

    def parse(self, delivery: Delivery) -> list[Event]:
        """See `webhooks.Parser`; never raises."""
        return self._parser.parse(delivery)

    def rejoin(self, target: Target, *, block: bool) -> Rejoin:
        """A token cannot be taken back: only the gateway keeps people out, and only whom it knows by user."""
        return "blocked_by_gateway" if block and target.user else "possible"

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        """Who is in the known sessions; the platform has no list of sessions."""
        return await self._client.list_rooms(known)

    async def list_room(self, room: str) -> Listing:
        """Who is in this session."""
        return await self._client.list_rooms([room])

    async def disconnect(self, target: Target, *, block: bool) -> None:
        """Force a disconnect. The client is told, and can join again: see `rejoin`."""
        with suppress(Gone):
            await self._client.disconnect(target.room, target.participant)

    async def mute(self, target: Target) -> None:
        """Ask the clients to mute. Whether they did is not reported, and the person can undo it."""
        await self._client.mute(target)

    async def send_message(self, target: Target, text: str) -> None:
        """A signal of type `moderator` to everybody in the session."""
        await self._client.signal(target.room, text)

    async def tell(self, target: Target, text: str) -> None:
        """The same signal, to one connection."""
        if not target.participant:
            raise Rejected("An id is missing, so nobody can be told.")
        await self._client.signal(target.room, text, target.participant)

    async def open_room(self, name: str) -> str:
        """A new session each time: the platform knows no names."""
        return await self._doorkeeper.open_session()

    async def credentials(self, admission: Admission) -> dict[str, str]:
        """A token of the role `publisher`, which tells who it is as `identity` says."""
        return self._doorkeeper.credentials(admission)


class VonageProvider(_Sessions):
    """One application of the Unified environment. Implements `moderator.providers.provider.Provider`."""

    Options: ClassVar[type[Struct]] = VonageOptions

    def __init__(self, source: str, options: VonageOptions, http: HttpClient, clock: Clock) -> None:
        parser = Parser(source, "vonage", options.application_id, options.identity)
        super().__init__(parser, Application(options), options, http, clock)
        self._options = options

    def authenticate(self, delivery: Delivery) -> None:
        """Secure callbacks only. Raises BadSignature."""
        verify_signature(delivery, self._options.signature_secret)

    @staticmethod
    def sign(options: VonageOptions, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        """The headers with which Vonage would send this body to us now."""
        return signed(headers, body, options.signature_secret, SystemClock().now_ms())

    async def check(self, webhook_url: str) -> list[Finding]:
        """See `checks`. That the private key is one, the options made sure of."""
        session = checks.never_used_session("1", self._options.application_id)
        return [
            Finding(True, "private_key is an RSA key."),
            await checks.credentials(self._client, session),
            *short_secret("signature_secret", self._options.signature_secret),
            registration(webhook_url, self._options.base_url, VONAGE_DASHBOARD),
        ]


class OpenTokProvider(_Sessions):
    """One project of the older environment. Implements `moderator.providers.provider.Provider`."""

    Options: ClassVar[type[Struct]] = OpenTokOptions

    def __init__(self, source: str, options: OpenTokOptions, http: HttpClient, clock: Clock) -> None:
        parser = Parser(source, "opentok", options.api_key, options.identity)
        super().__init__(parser, Project(options), options, http, clock)
        self._options = options
        self._networks = [ip_network(network, strict=False) for network in options.allow_from]

    def authenticate(self, delivery: Delivery) -> None:
        """The signature where there is a secret, the sender's network where there are some. Raises BadSignature."""
        if self._options.signature_secret:
            verify_signature(delivery, self._options.signature_secret)
        if self._networks:
            verify_sender(delivery, self._networks)

    @staticmethod
    def sign(options: OpenTokOptions, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        """The headers with which OpenTok would send this body to us now; unsigned without a secret."""
        if not options.signature_secret:
            return headers
        return signed(headers, body, options.signature_secret, SystemClock().now_ms())

    async def check(self, webhook_url: str) -> list[Finding]:
        """See `checks`."""
        session = checks.never_used_session("2", self._options.api_key)
        findings = [
            await checks.credentials(self._client, session),
            *short_secret("api_secret", self._options.api_secret),
            *short_secret("signature_secret", self._options.signature_secret),
            registration(webhook_url, self._options.base_url, OPENTOK_PORTAL),
        ]
        return findings if self._options.signature_secret else [*findings, checks.UNSIGNED]
