"""The routes that ask rtcStats: which sessions somebody had, and how good one was over time.

Rows of rtcStats name rooms by opaque ids, so patterns cannot be matched with them: a token that does not see every
room has to name the room it asks about.
"""

from typing import Final

from starlette.responses import Response

from moderator.domain.ids import RoomId, RoomKey, SourceName
from moderator.feed.quality import QualityPage, QualitySeries
from moderator.gateway.access.patterns import EVERYTHING
from moderator.gateway.ledger import Ledger
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Call, json_response
from moderator.gateway.rules import Rule
from moderator.quality.errors import BadQuestion, NoSuchRow, QualityError
from moderator.quality.quality import Quality

MAX_DIGITS: Final = 5
_ROOM: Final = {
    "source": "of which user and conference are real ids; without it they are opaque ones",
    "conference": "the room, by the platform's id or the opaque one",
}


class QualityLookups:
    """Answers as far as an rtcStats database is configured."""

    def __init__(self, quality: Quality | None, ledger: Ledger) -> None:
        self._quality = quality
        self._ledger = ledger

    def rules(self) -> tuple[Rule, ...]:
        """The routes about quality."""
        page = {
            "user": "the person, by the platform's id or the opaque one",
            **_ROOM,
            "session": "one visit, by its opaque id",
            "days": "since midnight UTC so many days ago",
            "cursor": "`next` of the page before",
        }
        find, series = "Sessions of a person, a room or a visit", "How good a session was over time"
        return (
            Rule("GET", "/v1/quality", "stats:read", self.find, find, answer=QualityPage, query=page),
            Rule("GET", "/v1/quality/{row}", "stats:read", self.series, series, answer=QualitySeries, query=_ROOM),
        )

    async def find(self, call: Call) -> Response:
        """`GET /v1/quality`"""
        self._may_see(call)
        asked = call.request.query_params
        try:
            page = await self._configured().find(
                user=asked.get("user"),
                conference=asked.get("conference"),
                session=asked.get("session"),
                source=asked.get("source"),
                days=_days(asked.get("days")),
                cursor=asked.get("cursor"),
            )
        except QualityError as error:
            raise _problem(error) from error
        return json_response(page)

    async def series(self, call: Call) -> Response:
        """`GET /v1/quality/{row}`"""
        room = self._may_see(call)
        number = call.path_id("row")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            raise Problem(404, "not_found", "a session is asked for by the number of its row")
        source, conference = (room.source, room.room) if room else (None, None)
        try:
            series = await self._configured().series(int(number), source=source, conference=conference)
        except QualityError as error:
            raise _problem(error) from error
        return json_response(series)

    def _configured(self) -> Quality:
        if self._quality is None:
            raise Problem(503, "no_rtcstats", "no rtcStats database is configured: set rtcstats.database")
        return self._quality

    def _may_see(self, call: Call) -> RoomKey | None:
        """The one room that is asked about, for a token that does not see all of them. Raises Problem 403 or 404."""
        if EVERYTHING in call.access.patterns:
            return None
        source, room = (call.request.query_params.get(name, "") for name in ("source", "conference"))
        if not (source and room):
            raise Problem(403, "name_the_room", "your token sees some rooms only: name source and conference")
        key = RoomKey(SourceName(source), RoomId(room))
        call.must_see(source, room, self._ledger.state.name_of(key))
        return key


def _days(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise Problem(422, "bad_question", "days is a whole number")
    return int(text)


def _problem(error: QualityError) -> Problem:
    status = 422 if isinstance(error, BadQuestion) else 404 if isinstance(error, NoSuchRow) else 503
    return Problem(status, error.code, str(error))
