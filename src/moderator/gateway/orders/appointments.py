"""The routes about appointments: announce a room before it exists, look at how that goes, withdraw it.

What an appointment may say is in `booking`, how it is going in `moderator.domain.attendance`.
"""

import asyncio
from collections.abc import Collection
from typing import Final

from starlette.responses import Response

from moderator.domain.announcements import AnnouncementWithdrawn, Appointment, RoomAnnounced
from moderator.domain.attendance import Attendance, attendances
from moderator.domain.events import DeadlineExtended
from moderator.domain.ids import EventId, RoomId, RoomKey, SourceName
from moderator.domain.kinds import Decision
from moderator.domain.rooms import Room
from moderator.domain.state import Verdict
from moderator.feed.appointments import Announced, AppointmentList
from moderator.gateway.access.visibility import sees_named
from moderator.gateway.orders.booking import (
    Announcing,
    appointment_of,
    gives_an_end,
    live_room,
    moved_end,
    must_be_allowed,
    must_be_expected,
    must_make_sense,
    overlapping,
    unchanged,
)
from moderator.gateway.orders.conflicts import deadline_conflict
from moderator.gateway.orders.orders import Orders, must_stand
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Call, json_response
from moderator.gateway.rules import Rule

APPOINTMENTS: Final = "/v1/appointments"
APPOINTMENT: Final = APPOINTMENTS + "/{source}/{name}"
PAGE: Final = 2_000


class Appointments:
    """Decides about what is announced."""

    def __init__(self, orders: Orders, sources: Collection[str]) -> None:
        """`sources` by name: rooms of others will never come to be."""
        self._orders = orders
        self._sources = sources
        self._turn = asyncio.Lock()
        """Two that would overlap must not both find the time free."""

    def rules(self) -> tuple[Rule, ...]:
        """The routes about appointments."""
        read, write = "rooms:read", "rooms:write"
        query = {"from": "that begin then or later, in milliseconds", "to": "that begin before then", "source": "of it"}
        return (
            Rule("GET", APPOINTMENTS, read, self.list, "Appointments", answer=AppointmentList, query=query),
            Rule("GET", APPOINTMENT, read, self.get, "How an appointment is going", answer=Attendance),
            Rule("PUT", APPOINTMENT, write, self.put, "Announce a room", Announcing, answer=Announced),
            Rule("DELETE", APPOINTMENT, write, self.delete, "There is no such appointment any more"),
        )

    async def list(self, call: Call) -> Response:
        """`GET /v1/appointments`"""
        query, state, now = call.request.query_params, self._orders.ledger.state, self._orders.clock.now_ms()
        begin, end = _time(query.get("from"), "from"), _time(query.get("to"), "to")
        found = [
            one
            for one in state.announced.appointments()
            if (begin is None or one.starts_at >= begin)
            and (end is None or one.starts_at < end)
            and query.get("source") in (None, one.source)
            and sees_named(call.access, one.source, one)
        ]
        found.sort(key=lambda one: (one.starts_at, one.source, one.name))
        return json_response(AppointmentList(now, tuple(attendances(state, found[:PAGE], now)), len(found) > PAGE))

    async def get(self, call: Call) -> Response:
        """`GET /v1/appointments/{source}/{name}`"""
        return json_response(self._attendance(self._known(call)))

    async def put(self, call: Call) -> Response:
        """`PUT /v1/appointments/{source}/{name}`: new, or changed; where it is on, its end moves with it."""
        body, ids = await call.body(Announcing), (call.event_id(), call.event_id("deadline"))
        source, name = self._place(call)
        must_make_sense(name, body, self._orders.ledger.state.settings, self._orders.clock.now_ms())
        if body.room:  # a name that a token may see must not open it any room
            call.must_see(source, body.room, self._orders.ledger.state.name_of(_key(source, body.room)))
        async with self._turn:
            seq = await self._announce(call, appointment_of(source, name, body), body.expected_version, ids)
        announced = self._orders.ledger.state.announced.appointment(source, name)
        return json_response(Announced(seq, self._attendance(announced or appointment_of(source, name, body))))

    async def delete(self, call: Call) -> Response:
        """`DELETE /v1/appointments/{source}/{name}`. A room in which it is on goes on; its end stays."""
        event_id = call.event_id()
        verdict = self._orders.ledger.verdict(event_id)
        if verdict is None:
            one = self._known(call)
            data = AnnouncementWithdrawn(name=one.name, room=one.room)
            verdict = await self._propose(call, event_id, one.source, data)
        if verdict.code == "unknown_appointment":
            raise _unknown()
        must_stand(verdict)
        return json_response({"seq": verdict.seq})

    # --- how -------------------------------------------------------------------------------------------------------

    async def _announce(
        self, call: Call, wanted: Appointment, expected_version: int | None, ids: tuple[EventId, EventId]
    ) -> int:
        """The `seq` after which it stands. Raises Problem."""
        ledger = self._orders.ledger
        before = ledger.state.announced.appointment(wanted.source, wanted.name)
        if ledger.verdict(ids[0]) is None and not unchanged(before, wanted):
            self._must_be_free(wanted)
            if gives_an_end(ledger.state, wanted):
                _may_move_ends(call)
            if before is not None and ledger.verdict(ids[1]) is None:
                await self._move_end(call, before, wanted, expected_version, ids[1])
            data = RoomAnnounced(
                name=wanted.name,
                room=wanted.room,
                type=wanted.type,
                starts_at=wanted.starts_at,
                duration_ms=wanted.duration_ms,
                allow=wanted.allow,
            )
            await self._propose(call, ids[0], wanted.source, data)
        verdict = ledger.verdict(ids[0])
        return verdict.seq if verdict else ledger.state.seq

    async def _move_end(
        self, call: Call, before: Appointment, wanted: Appointment, expected_version: int | None, event_id: EventId
    ) -> None:
        """Before the announcement: who loses to another change of the deadline changes nothing at all."""
        state = self._orders.ledger.state
        room = live_room(state, before)
        moved = moved_end(room, before, wanted, state.settings) if room else None
        if room is None or room.deadline is None or (moved is None and expected_version is None):
            return
        must_be_expected(room, room.deadline, expected_version)
        if moved is not None:
            _may_move_ends(call)
            must_be_allowed(room.deadline, moved)
            await self._move(call, event_id, room, moved)

    async def _move(self, call: Call, event_id: EventId, room: Room, moved: DeadlineExtended) -> None:
        """Raises Problem where somebody else was quicker."""
        ledger = self._orders.ledger
        (verdict,) = await ledger.propose([self._orders.event(call, event_id, room, moved)])
        if verdict.code:
            raise deadline_conflict(ledger.room(room.key), verdict.code, verdict.why)

    async def _propose(self, call: Call, event_id: EventId, source: str, data: Decision) -> Verdict:
        """About the source: the room may not exist yet."""
        (verdict,) = await self._orders.ledger.propose([self._orders.event(call, event_id, None, data, source)])
        return verdict

    def _must_be_free(self, wanted: Appointment) -> None:
        other = overlapping(self._orders.ledger.state, wanted)
        if other is not None:
            sentence = f"the room is booked for {other.name} at that time"
            raise Problem(409, "overlap", sentence, name=other.name, starts_at=other.starts_at)

    def _place(self, call: Call) -> tuple[str, str]:
        """Source and name of the path. Raises Problem 404 for what the token may not see."""
        source, name = call.path_id("source"), call.path_id("name")
        if source not in self._sources:
            raise Problem(404, "unknown_source", "there is no such source, or your token may not see it")
        call.must_see(source, name, name)
        return source, name

    def _known(self, call: Call) -> Appointment:
        source, name = self._place(call)
        found = self._orders.ledger.state.announced.appointment(source, name)
        if found is None:
            raise _unknown()
        return found

    def _attendance(self, appointment: Appointment) -> Attendance:
        (found,) = attendances(self._orders.ledger.state, [appointment], self._orders.clock.now_ms())
        return found


def _key(source: str, room: str) -> RoomKey:
    return RoomKey(SourceName(source), RoomId(room))


def _may_move_ends(call: Call) -> None:
    """Raises Problem 403: announcing rooms is no way to people who are in one."""
    if "rooms:extend" not in call.access.scopes:
        sentence = "the room is on, and this moves its end: that needs the scope rooms:extend, which your token lacks"
        raise Problem(403, "missing_scope", sentence)


def _unknown() -> Problem:
    return Problem(404, "unknown_appointment", "there is no such appointment, or your token may not see it")


def _time(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Problem(422, "invalid_time", f"{name} is a time in milliseconds since 1970, a whole number")
    return int(text)
