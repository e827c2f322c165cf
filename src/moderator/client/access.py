"""Commands to the gateway about who may sign in: its device codes, tokens, and the end of one's own session."""

from collections.abc import Sequence

from moderator.client.requests import Accepted, GatewayRequests
from moderator.feed.paths import quote_id


class AccessClient(GatewayRequests):
    """One moderator, or whoever manages access, at one gateway. Every method raises GatewayError."""

    async def approve(self, user_code: str, name: str, scopes: Sequence[str], rooms: Sequence[str] = ()) -> Accepted:
        """Let whoever sees this code sign in under that name; `rooms` empty: with the patterns of who approves."""
        body = {"user_code": user_code, "name": name, "scopes": list(scopes), "rooms": list(rooms)}
        return await self._accepted("POST", "/v1/device/approve", body)

    async def deny(self, user_code: str) -> Accepted:
        """Do not let whoever sees this code sign in."""
        return await self._accepted("POST", "/v1/device/deny", {"user_code": user_code})

    async def revoke(self, token_id: str) -> Accepted:
        """From now on a token is refused, by its id (`jti`)."""
        return await self._accepted("DELETE", f"/v1/tokens/{quote_id(token_id)}")

    async def sign_out(self) -> Accepted:
        """From now on one's own token is refused."""
        return await self._accepted("DELETE", "/v1/session")
