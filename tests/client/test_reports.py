"""Questions about what happened as a whole."""

import msgspec

from moderator.client.reports import Reports
from moderator.client.tokens import FixedToken
from moderator.feed.policy_report import PolicyReport, Total
from moderator.http import HttpClient
from tests.client.scripted_gateway import answer, scripted

REPORT = PolicyReport(since=1, until=2, actions=(), totals=(Total("max_people", "room_full", 3),), time_limits=())


async def test_the_policy_report() -> None:
    async with scripted(answer(200, msgspec.to_builtins(REPORT))) as gateway, HttpClient() as http:
        found = await Reports(gateway.url, FixedToken("the-token"), http).policy(hours=3)
    assert found == REPORT
    assert [(one.method, one.path) for one in gateway.requests] == [("GET", "/v1/policies/report?hours=3")]
