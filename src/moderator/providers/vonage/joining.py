"""What it takes to join: a session on the platform, and a token of our own making that lets one person into it."""

from typing import Final

import msgspec
from msgspec import Struct

from moderator.clock import Clock
from moderator.http import HttpClient
from moderator.providers.errors import Garbled, Gone, NotSupported, Rejected
from moderator.providers.identity import Identity, Person, write_person
from moderator.providers.provider import Admission
from moderator.providers.vonage.accounts import Account
from moderator.providers.vonage.api import VideoApi

CREDENTIALS_LAST_MS: Final = 15 * 60_000
"""To connect takes seconds. Whoever is connected stays so when the token has expired."""
MAX_DATA: Final = 1_000
"""Characters of `connection_data` that the platform takes."""
ROUTED: Final = {"archiveMode": "manual", "p2p.preference": "disabled"}
"""Media go over the platform's servers: only there can more than two people meet, and somebody be muted."""
ROLE: Final = "publisher"
"""The least that can be seen and heard. A `moderator` could disconnect others, and nobody would know who did it."""


class _Session(Struct, frozen=True):
    session_id: str


class Doorkeeper:
    """Of one project. Raises the errors of `VideoApi`."""

    def __init__(
        self, api: VideoApi, account: Account, identity: Identity | None, http: HttpClient, clock: Clock
    ) -> None:
        self._api = api
        self._account = account
        self._identity = identity
        self._http = http
        self._clock = clock

    async def open_session(self) -> str:
        """A new session's id. The platform has no names for sessions: which is whose, the gateway remembers."""
        try:
            body = await self._api.create_session(ROUTED)
        except Gone as error:
            raise NotSupported("There is no call to make sessions at that address. Is base_url right?") from error
        try:
            session = msgspec.json.decode(body, type=tuple[_Session, ...])[0].session_id
        except (msgspec.MsgspecError, ValueError, RecursionError, IndexError) as error:
            raise Garbled("The platform made a session, but does not say which. Is base_url right?") from error
        if not session:
            raise Garbled("The platform made a session without an id.")
        return session

    def credentials(self, admission: Admission) -> dict[str, str]:
        """What the client SDK connects with. Raises Rejected for an identity that does not fit into a token."""
        if not admission.room:
            raise Rejected("No session is named.")
        person = Person(admission.user, admission.name, admission.role)
        data = write_person(person, self._identity, admission.extra) if admission.user else ""
        if len(data) > MAX_DATA:
            raise Rejected(f"Who this is takes {len(data)} characters of {MAX_DATA}: shorten the name, or the role.")
        offset_ms = self._http.clock_offset_ms
        claims = {
            "session_id": admission.room,
            "scope": "session.connect",
            "role": ROLE,
            "connection_data": data,
            "exp": (admission.expires_at - offset_ms) // 1000,
        }
        token = self._account.client_token(claims, self._clock.now_ms() - offset_ms)
        return {self._account.called: self._account.project, "sessionId": admission.room, "token": token}
