"""Questions to the gateway about rtcStats: which sessions there were, and how good one was."""

from collections.abc import Mapping
from urllib.parse import urlencode

from moderator.client.requests import GatewayRequests
from moderator.feed.quality import QualityPage, QualitySeries


class QualityClient(GatewayRequests):
    """One moderator with the scope `stats:read`. Every method raises GatewayError."""

    async def sessions(
        self, source: str, *, user: str = "", room: str = "", days: int | None = None, cursor: str = ""
    ) -> QualityPage:
        """Sessions of a person, of a room, or of that person in it, by the platform's ids; the latest first."""
        asked = {"source": source, "user": user, "conference": room, "days": days, "cursor": cursor}
        return await self._ask("/v1/quality?" + _query(asked), QualityPage)

    async def session(self, session: str) -> QualityPage:
        """The rows of one visit, by its opaque id."""
        return await self._ask("/v1/quality?" + _query({"session": session}), QualityPage)

    async def series(self, row: int, source: str = "", room: str = "") -> QualitySeries:
        """How good a session was over time. A token that does not see every room names the session's."""
        query = _query({"source": source, "conference": room})
        return await self._ask(f"/v1/quality/{row}" + (f"?{query}" if query else ""), QualitySeries)


def _query(asked: Mapping[str, object]) -> str:
    return urlencode({name: value for name, value in asked.items() if value not in ("", None)})
