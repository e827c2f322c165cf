"""Who is on duty: asked, and changed. What is answered is in `moderator.feed.duty`."""

from moderator.client.requests import GatewayRequests, decoded
from moderator.feed.duty import OnDuty


class DutyClient(GatewayRequests):
    """Duty at one gateway. Every method raises GatewayError (`moderator.client.errors`)."""

    async def who(self) -> OnDuty:
        """Everybody who is on duty."""
        return await self._ask("/v1/duty", OnDuty)

    async def begin(self) -> OnDuty:
        """We watch the rooms from here on."""
        return decoded(await self._order("PUT", "/v1/duty", {}), OnDuty)

    async def hand_over(self, moderator: str, name: str = "") -> OnDuty:
        """Somebody else, by id, watches in our place. Raises Conflict when we are not on duty."""
        return decoded(await self._order("PUT", "/v1/duty", {"moderator": moderator, "name": name}), OnDuty)

    async def end(self) -> OnDuty:
        """We watch the rooms no more."""
        return decoded(await self._order("DELETE", "/v1/duty"), OnDuty)
