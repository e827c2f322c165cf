"""What policies would have done in the last hours, read off the log: `GET /v1/policies/report`."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

from starlette.responses import Response

from moderator.clock import Clock
from moderator.domain.events import Event, TimeExpired, ViolationCleared, ViolationFound
from moderator.domain.screen_share import SCREEN_SHARE, remedy_for
from moderator.domain.settings import RoomType
from moderator.feed.policy_report import PolicyReport, RanOut, Total, Would, WouldBe
from moderator.gateway.access.tokens import Access
from moderator.gateway.access.visibility import sees_event
from moderator.gateway.ledger import Ledger
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Call, json_response
from moderator.gateway.rules import Rule

HOUR_MS: Final = 3_600_000
MARGIN_MS: Final = 60_000
"""Clocks are set; the entry's own time decides."""
DEFAULT_HOURS: Final = 24
MAX_HOURS: Final = 31 * 24


class PolicyReports:
    """Answers from the log, without folding it again: what lost its slot there is known from the first reading."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def rules(self) -> tuple[Rule, ...]:
        """The one route."""
        query = {"hours": f"how far back, in whole hours; {DEFAULT_HOURS} if left out, {MAX_HOURS} at most"}
        return (
            Rule(
                "GET",
                "/v1/policies/report",
                "audit:read",
                self.report,
                "What policies that only observe would have done",
                answer=PolicyReport,
                query=query,
            ),
        )

    async def report(self, call: Call) -> Response:
        """`GET /v1/policies/report?hours=24`"""
        until = self._clock.now_ms()
        since = until - _hours(call.request.query_params.get("hours", str(DEFAULT_HOURS))) * HOUR_MS
        actions: list[WouldBe] = []
        time_limits: list[RanOut] = []
        async for event in self._observed(call.access, since):
            if isinstance(event.data, ViolationFound):
                actions.append(self._would_be(event, event.data))
            elif isinstance(event.data, TimeExpired):
                time_limits.append(self._ran_out(event, event.data))
        counted = sorted(Counter((one.policy, one.reason) for one in actions).items())
        return json_response(
            PolicyReport(
                since=since,
                until=until,
                actions=tuple(actions),
                totals=tuple(Total(policy, reason, count) for (policy, reason), count in counted),
                time_limits=tuple(time_limits),
            )
        )

    async def _observed(self, access: Access, since: int) -> AsyncIterator[Event]:
        """Every finding that the fold took and that was not enforced, once, as far as this token sees the room."""
        standing = Standing()
        async for batch in self._ledger.log.read(await self._ledger.log.seq_at(since - MARGIN_MS)):
            for event in [event for entry in batch if entry.recorded_at >= since for event in entry.events]:
                lost = event.id in self._ledger.marks.refused
                if lost or not standing.takes(event) or not self._makes_a_difference(event):
                    continue
                if sees_event(access, event, self._ledger.state.name_of):
                    yield event

    def _makes_a_difference(self, event: Event) -> bool:
        """Whether `enforce` would have made a difference: where time is up it needs people, and an end for them."""
        if not isinstance(event.data, TimeExpired):
            return True
        type_ = self._type(event)
        if type_ is not None and (type_.mode == "off" or (type_.mode == "enforce" and type_.on_expiry == "alert")):
            return False
        return event.data.people > 0

    def _would_be(self, event: Event, found: ViolationFound) -> WouldBe:
        type_ = self._type(event)
        return WouldBe(
            at=event.at,
            source=event.source or "",
            room=event.room or "",
            room_name=self._name(event),
            type=type_.name if type_ else "",
            policy=found.policy,
            reason=found.reason,
            participant=found.participant,
            user=found.user,
            would=self._would(event, found, type_),
        )

    def _would(self, event: Event, found: ViolationFound, type_: RoomType | None) -> Would:
        if found.policy != SCREEN_SHARE:
            return "disconnect"
        source = self._ledger.state.settings.source(event.source or "")
        return remedy_for(source.capabilities if source else {}, type_.wrong_share if type_ else "stop")

    def _ran_out(self, event: Event, data: TimeExpired) -> RanOut:
        type_ = self._type(event)
        return RanOut(
            at=event.at,
            source=event.source or "",
            room=event.room or "",
            room_name=self._name(event),
            type=type_.name if type_ else "",
            deadline_version=data.deadline_version,
            people=data.people,
            would=type_.on_expiry if type_ else "alert",
        )

    def _name(self, event: Event) -> str:
        return self._ledger.state.name_of(event.key) if event.key else ""

    def _type(self, event: Event) -> RoomType | None:
        """Of the room as it is now, or else as its name says."""
        settings, room = self._ledger.state.settings, self._ledger.room(event.key) if event.key else None
        if room is not None:
            return settings.type_named(room.type or "")
        return settings.type_of(event.source or "", self._name(event))


class Standing:
    """What was found and stands: the same finding of another gateway, or after a restart, is none of its own."""

    def __init__(self) -> None:
        self._found: set[tuple[object, ...]] = set()

    def takes(self, event: Event) -> bool:
        """Whether this is a finding that was only observed, and is not known."""
        match event.data:
            case ViolationFound(policy=policy, participant=participant, enforced=enforced):
                return self._is_new((event.key, event.instance, policy, participant)) and not enforced
            case ViolationCleared(policy=policy, participant=participant):
                self._found.discard((event.key, event.instance, policy, participant))
                return False
            case TimeExpired(deadline_version=version, enforced=enforced):
                return self._is_new((event.key, event.instance, "time", version)) and not enforced
            case _:
                return False

    def _is_new(self, slot: tuple[object, ...]) -> bool:
        is_new = slot not in self._found
        self._found.add(slot)
        return is_new


def _hours(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MAX_HOURS):
        raise Problem(422, "invalid_hours", f"hours is a whole number from 1 to {MAX_HOURS}")
    return int(text)
