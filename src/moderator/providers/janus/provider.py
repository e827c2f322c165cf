"""Janus as a provider: what a command takes here, out of the requests in `client`."""

from collections.abc import Awaitable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import ClassVar, Final

from msgspec import Struct

from moderator.clock import Clock
from moderator.domain.events import Event
from moderator.domain.kinds import StreamKind
from moderator.domain.settings import Capability
from moderator.http import HttpClient
from moderator.providers.bare import BareProvider
from moderator.providers.errors import Gone, NotSupported, ProviderError
from moderator.providers.janus.admin_api import AdminApi
from moderator.providers.janus.checks import Checks
from moderator.providers.janus.client import Client
from moderator.providers.janus.options import Options as JanusOptions
from moderator.providers.janus.options import credential_key, credential_of, issue_token
from moderator.providers.janus.webhooks import Parser, authenticate, credentials
from moderator.providers.provider import Admission, Delivery, Finding, Listing, Rejoin, Target

CREDENTIAL: Final = "credential"
SESSION: Final = "session"

_CAPABILITIES: Final = {
    "extend": Capability("gateway"),
    "disconnect": Capability("provider"),
    "block": Capability("gateway"),
    "readmit": Capability("gateway"),
    "mute": Capability("provider"),
    "revoke": Capability(None, "on Janus muting holds already: the person cannot undo it"),
    "stop_stream": Capability("provider"),
    "end": Capability("provider"),
    "message": Capability(None, "VideoRoom has no call for messages to participants"),
    "tell": Capability(None, "VideoRoom has no call for messages to participants"),
    "join": Capability("provider", "a token opens its room until it is taken away, and does not say who brings it"),
    "list": Capability("provider"),
}


class JanusProvider(BareProvider):
    """One Janus. Implements `moderator.providers.provider.Provider`."""

    Options: ClassVar[type[Struct]] = JanusOptions
    capabilities: Mapping[str, Capability] = _CAPABILITIES
    finds_rooms = True
    audible: AbstractSet[StreamKind] = frozenset({"microphone"})
    mutes_people = False
    credentials_last_ms = 24 * 3_600_000
    """Of themselves they would last as long as the room."""

    def __init__(self, source: str, options: JanusOptions, http: HttpClient, clock: Clock) -> None:
        self._options = options
        self._credential_key = credential_key(options)
        self._parser = Parser(source, self._credential_key)
        api = AdminApi(options, http)
        self._client = Client(options, api, clock)
        self._checks = Checks(options, api, self._client, http)
        self._removed: dict[tuple[str, str], str] = {}
        """Tokens taken off allow lists, by room and user. In memory only: a token is written nowhere."""

    def authenticate(self, delivery: Delivery) -> None:
        """HTTP Basic. Raises BadSignature."""
        authenticate(delivery, self._options.webhook_user, self._options.webhook_password)

    @staticmethod
    def sign(options: JanusOptions, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        """The headers with which Janus would send this body to us."""
        others = {name: value for name, value in headers.items() if name.lower() != "authorization"}
        return {**others, **credentials(options.webhook_user, options.webhook_password)}

    def parse(self, delivery: Delivery) -> list[Event]:
        """See `webhooks.Parser`; never raises."""
        return self._parser.parse(delivery)

    def rejoin(self, target: Target, *, block: bool) -> Rejoin:
        """Janus keeps out who needs a token of the room's allow list; the gateway whom it knows by user."""
        if block and CREDENTIAL in target.platform:
            return "blocked_by_provider"
        return "blocked_by_gateway" if block and target.user else "possible"

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        """Rooms with somebody in them. Raises when the list of rooms itself cannot be read."""
        return await self._client.list_rooms()

    async def list_room(self, room: str) -> Listing:
        """Who is in this room, private or not, without asking for others."""
        return await self._client.list_room(room)

    async def disconnect(self, target: Target, *, block: bool) -> None:
        """Take the token away (to block), kick, close the connection.

        All three: a token's removal leaves who is inside, a kicked client may come back at once and goes on receiving
        as long as it is connected, and one whose connection is closed is told nothing. What is gone already, or refuses
        us, is no reason not to try the rest.
        """
        has_token = block and CREDENTIAL in target.platform
        blocking = await _refusal(self._take_token(target)) if has_token else None
        searching, session = await self._session_of(target)
        kicking = await _refusal(self._client.kick(target))
        closed = session is not None and await self._close(session)
        if blocking is not None:
            raise blocking
        if kicking is not None and not closed:
            raise kicking
        if searching is not None:
            raise searching  # kicked, but perhaps still receiving

    async def readmit(self, target: Target) -> None:
        """Put the token back. Raises NotSupported when nobody here knows it any more."""
        if target.platform and CREDENTIAL not in target.platform:
            return  # came without a token, so there was none to take
        place = (target.room, target.user)
        token = self._removed.get(place)
        if token is None and self._options.token_secret:
            token = issue_token(self._options, *place)
        if token is None:
            raise NotSupported("The gateway does not keep tokens of Janus. Give this person a new invitation.")
        with suppress(Gone):  # the list went with the room
            await self._client.allow(target.room, token)
        self._removed.pop(place, None)

    async def mute(self, target: Target) -> None:
        """Janus stops relaying the microphones; the person can't undo it."""
        await self._client.silence(target)

    async def stop_stream(self, target: Target) -> None:
        """Janus stops relaying the stream; the person goes on sending it to nobody."""
        await self._client.silence(target)

    async def end_room(self, target: Target) -> None:
        """Destroy the room with everybody in it; no error when it is gone."""
        with suppress(Gone):
            await self._client.destroy_room(target.room)

    async def open_room(self, name: str) -> str:
        """A room that only tokens open."""
        self._must_make_tokens()
        return await self._client.create_room(name, name)

    async def credentials(self, admission: Admission) -> dict[str, str]:
        """A token of the room's allow list; and the id and name to join with, by which the person is known then.

        A room that is gone, since this Janus was started anew, is made again.
        """
        self._must_make_tokens()
        room, user = admission.room, admission.identified()
        token = issue_token(self._options, room, user)
        try:
            await self._client.allow(room, token)
        except Gone:
            room = await self._client.create_room(room, room)
            await self._client.allow(room, token)
        return {"url": self._options.base_url, "room": room, "user": user, "display": admission.name, "token": token}

    def _must_make_tokens(self) -> None:
        """Raises NotSupported where tokens cannot be made."""
        if not self._options.token_secret:
            raise NotSupported("Tokens of rooms are made with token_secret: set it for this source.")

    async def check(self, webhook_url: str) -> list[Finding]:
        """See `checks`."""
        return await self._checks.all(webhook_url)

    async def _take_token(self, target: Target) -> None:
        wanted = target.platform[CREDENTIAL]
        for token in await self._client.allowed_tokens(target.room):
            if credential_of(token, self._credential_key) == wanted:
                await self._client.disallow(target.room, token)
                self._removed[target.room, target.user] = token

    async def _session_of(self, target: Target) -> tuple[ProviderError | None, str | None]:
        """Looked for where the join was lost, or where another connection of this person took the known one's place.

        The error is what kept us from finding out; then the known one is the best there is.
        """
        known = target.platform.get(SESSION)
        try:
            if known and await self._client.is_open(known):
                return None, known
            return None, await self._client.locate(target.room, target.participant)
        except ProviderError as error:
            return error, known

    async def _close(self, session: str) -> bool:
        try:
            await self._client.destroy_session(session)
        except Gone:
            return False
        return True


async def _refusal(step: Awaitable[None]) -> ProviderError | None:
    """Why a step could not be done; None when it was, or when there was nothing left to do."""
    try:
        await step
    except Gone:
        return None
    except ProviderError as error:
        return error
    return None
