"""The routes that take tokens away: one's own, and anybody's."""

from typing import Final

from starlette.responses import Response

from moderator.domain.accounting import TokenRevoked
from moderator.domain.events import Event
from moderator.gateway.access.tokens import family_of
from moderator.gateway.orders.orders import Orders
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Call, json_response
from moderator.gateway.rules import Rule
from moderator.gateway.sign_in.token_endpoint import REFRESH_TTL_S

MAX_ID: Final = 200


class Revoking:
    """What is taken away is refused from the next request on, and its open feeds end."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders

    def rules(self) -> tuple[Rule, ...]:
        """The routes that take tokens away."""
        revoked = "Refuse a token from here on, with all others of its sign-in"
        return (
            Rule("DELETE", "/v1/session", None, self.sign_out, "Sign out: this token is refused from here on"),
            Rule("DELETE", "/v1/tokens/{jti}", "access:manage", self.revoke, revoked),
        )

    async def sign_out(self, call: Call) -> Response:
        """`DELETE /v1/session`"""
        access = call.access
        return await self._revoke(call, access.jti, access.family, access.expires_at * 1000)

    async def revoke(self, call: Call) -> Response:
        """`DELETE /v1/tokens/{jti}`; when it expires is not known, so it is remembered for good."""
        jti = call.path_id("jti")
        if len(jti) > MAX_ID:
            raise Problem(404, "unknown_token", f"the id of a token has {MAX_ID} characters at most")
        return await self._revoke(call, jti, family_of(jti), None)

    async def _revoke(self, call: Call, jti: str, family: str, expires_at: int | None) -> Response:
        events = [self._event(call, TokenRevoked(jti=jti, expires_at=expires_at))]
        if family:
            until = self._orders.clock.now_ms() + REFRESH_TTL_S * 1000
            events.append(self._event(call, TokenRevoked(jti=family, expires_at=until)))
        verdicts = await self._orders.ledger.propose(events)
        return json_response({"seq": verdicts[0].seq})

    def _event(self, call: Call, data: TokenRevoked) -> Event:
        return self._orders.event(call, call.event_id(data.jti), None, data)
