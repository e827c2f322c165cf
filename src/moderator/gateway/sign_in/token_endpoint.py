"""`POST /v1/token` and `POST /v1/revoke`: tokens for those who have signed in, new ones for old, and their end. How a
sign-in begins and who approves it is in `signing_in`.
"""

import uuid
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from moderator.clock import Clock
from moderator.domain.accounting import TokenIssued, TokenRevoked
from moderator.domain.events import Actor, Event
from moderator.domain.ids import EventId, derive_event_id
from moderator.gateway.access.authorization import Authorization
from moderator.gateway.access.keys import Keys
from moderator.gateway.access.tokens import Access, AccessError, Grant, TokenVerifier, sign_access, sign_refresh
from moderator.gateway.ledger import Ledger
from moderator.gateway.requests import json_response
from moderator.gateway.sign_in.device_grants import DeviceGrants, NotGranted
from moderator.gateway.sign_in.forms import OAuthError, field, read_form

ACCESS_TTL_S: Final = 900
REFRESH_TTL_S: Final = 30 * 24 * 3600
DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
_SENTENCES: Final = {
    "authorization_pending": "nobody has approved the code yet",
    "slow_down": "this asks too often: wait longer",
    "access_denied": "the sign-in was refused",
    "expired_token": "the code has expired: begin again",
    "invalid_grant": "this was used before, or is not of this gateway: sign in again",
}


class TokenEndpoint:
    """Gives tokens to those whose sign-in was approved, and whenever they are about to expire."""

    def __init__(
        self,
        grants: DeviceGrants,
        ledger: Ledger,
        keys: Keys,
        issuer: str,
        authorization: Authorization,
        clock: Clock,
    ) -> None:
        self._grants = grants
        self._ledger = ledger
        self._keys = keys
        self._issuer = issuer
        self._verifier = TokenVerifier(keys, issuer)
        self._authorization = authorization
        self._clock = clock

    async def token(self, request: Request) -> Response:
        """`POST /v1/token`"""
        form = await read_form(request)
        match field(form, "grant_type"):
            case kind if kind == DEVICE_CODE:
                return await self._for_device_code(field(form, "device_code"), _peer(request))
            case "refresh_token":
                return await self._for_refresh_token(field(form, "refresh_token"), _peer(request))
        raise OAuthError("unsupported_grant_type", f"send {DEVICE_CODE} or refresh_token")

    async def revoke(self, request: Request) -> Response:
        """`POST /v1/revoke` (RFC 7009): all tokens of the sign-in; what is no token is no error."""
        token = field(await read_form(request), "token")
        try:
            access = self._verifier.verify_refresh(token)
        except AccessError as error:
            self._authorization.failed(f"sign-out from {_peer(request)}", error.code, _peer(request))
        else:
            await self._revoke_family(access)
        return json_response({})

    async def _for_device_code(self, device_code: str, peer: str) -> Response:
        try:
            waiting = self._grants.take(device_code, self._clock.monotonic())
        except NotGranted as refused:
            if refused.code == "invalid_grant":
                self._authorization.failed(f"sign-in from {peer}", "unknown device code", peer)
            raise _refusal(refused.code) from refused
        assert waiting.grant is not None
        tokens, issued = self._tokens(waiting.grant, waiting.approved_by or Actor("gateway"))
        await self._ledger.propose([issued])
        return json_response(tokens)

    async def _for_refresh_token(self, token: str, peer: str) -> Response:
        try:
            old = self._verifier.verify_refresh(token)
        except AccessError as error:
            self._authorization.failed(f"sign-in from {peer}", error.code, peer)
            raise _refusal("invalid_grant") from error
        revoked = self._ledger.state.revoked
        if old.family in revoked:
            raise _refusal("invalid_grant")
        if old.jti in revoked:
            await self._reused(old, peer)
        grant = Grant(old.name, tuple(sorted(old.scopes)), old.patterns, old.family)
        tokens, issued = self._tokens(grant, Actor("moderator", old.subject, old.name))
        used_id = derive_event_id("refresh token used", old.jti)
        used = self._event(TokenRevoked(jti=old.jti, expires_at=old.expires_at * 1000), issued.actor, used_id)
        seq = await self._ledger.append([used, issued])
        await self._ledger.read_back(seq)
        verdict = self._ledger.verdict(used_id)
        if verdict is None or verdict.seq != seq:  # somebody else was quicker with the same token
            await self._reused(old, peer)
        return json_response(tokens)

    async def _reused(self, old: Access, peer: str) -> None:
        """A refresh token that came twice was stolen, or the answer to it: nobody can tell by whom. Raises."""
        await self._revoke_family(old)
        self._authorization.failed(f"sign-in of {old.subject} from {peer}", "a used refresh token came again", peer)
        raise _refusal("invalid_grant")

    async def _revoke_family(self, access: Access) -> None:
        # Not until the end of this token: the newest one of its family may have been made a moment ago.
        until = self._clock.now_ms() + REFRESH_TTL_S * 1000
        data = TokenRevoked(jti=access.family, expires_at=until)
        await self._ledger.propose([self._event(data, Actor("moderator", access.subject, access.name))])

    def _tokens(self, grant: Grant, actor: Actor) -> tuple[dict[str, object], Event]:
        now_ms = self._clock.now_ms()
        token, access = sign_access(self._keys, self._issuer, grant, ACCESS_TTL_S, now_ms)
        refresh_token, _ = sign_refresh(self._keys, self._issuer, grant, REFRESH_TTL_S, now_ms)
        tokens = {"access_token": token, "token_type": "Bearer", "expires_in": ACCESS_TTL_S}
        data = TokenIssued(
            jti=access.jti,
            subject=access.subject,
            name=access.name,
            scopes=grant.scopes,
            rooms=grant.rooms,
            expires_at=access.expires_at * 1000,
        )
        return {**tokens, "refresh_token": refresh_token}, self._event(data, actor)

    def _event(self, data: TokenIssued | TokenRevoked, actor: Actor, id_: EventId | None = None) -> Event:
        return Event(id=id_ or EventId(uuid.uuid4().hex), at=self._clock.now_ms(), actor=actor, data=data)


def _refusal(code: str) -> OAuthError:
    return OAuthError(code, _SENTENCES[code])


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""
