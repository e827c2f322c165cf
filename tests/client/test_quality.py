"""The questions about rtcStats as they go over the wire."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from moderator.client.quality import QualityClient
from moderator.client.tokens import FixedToken
from moderator.feed.quality import QualityPage, QualitySeries, QualitySession, QualitySummary
from moderator.http import HttpClient
from tests.client.scripted_gateway import answer, scripted

SESSION = QualitySession(id=1, state="unknown")
PAGE = QualityPage(sessions=(SESSION,))
SERIES = QualitySeries(session=SESSION, samples=(), summary=QualitySummary(formula="E-model"))
Call = Callable[[QualityClient], Awaitable[Any]]

QUESTIONS: list[tuple[Call, str, object]] = [
    (
        lambda c: c.sessions("clinic", user="u & v", days=7),
        "/v1/quality?source=clinic&user=u+%26+v&days=7",
        PAGE,
    ),
    (
        lambda c: c.sessions("clinic", room="a/b", cursor="next"),
        "/v1/quality?source=clinic&conference=a%2Fb&cursor=next",
        PAGE,
    ),
    (lambda c: c.session("sess_1"), "/v1/quality?session=sess_1", PAGE),
    (lambda c: c.series(7), "/v1/quality/7", SERIES),
    (lambda c: c.series(7, "clinic", "r"), "/v1/quality/7?source=clinic&conference=r", SERIES),
]


@pytest.mark.parametrize(("call", "path", "reply"), QUESTIONS)
async def test_questions(call: Call, path: str, reply: object) -> None:
    async with scripted(answer(200, msgspec.to_builtins(reply))) as gateway, HttpClient() as http:
        assert await call(QualityClient(gateway.url, FixedToken("the-token"), http)) == reply
        assert gateway.requests[-1].path == path
