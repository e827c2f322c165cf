"""Questions about what happened as a whole: one method per route."""

from moderator.client.requests import GatewayRequests
from moderator.feed.policy_report import PolicyReport


class Reports(GatewayRequests):
    """Of one gateway. Every method raises GatewayError (`moderator.client.errors`)."""

    async def policy(self, hours: int = 24) -> PolicyReport:
        """What policies would have done in the last hours, had their mode been `enforce`."""
        return await self._ask(f"/v1/policies/report?hours={hours}", PolicyReport)
