"""What somebody needs to join a room: who may have it, and the record of who got it and who did not.

It is the last word before anybody is in: the rules are those of `domain.admission`. Credentials are recorded before
they are handed out, and never stand in the record.
"""

import uuid
from collections.abc import Mapping

from msgspec import Struct

from moderator.clock import Clock
from moderator.domain.accounting import CredentialsIssued, CredentialsRefused
from moderator.domain.admission import admit, ends_at, may_share_screen, role_of
from moderator.domain.announcements import Appointment
from moderator.domain.events import Actor, Event
from moderator.domain.ids import EventId, InstanceId, RoomKey, SourceName
from moderator.domain.kinds import Data
from moderator.domain.rooms import Block, Room
from moderator.domain.settings import RoomType
from moderator.gateway.joining.opening import Opening
from moderator.gateway.joining.visits import Visit, Visits
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.asking import answer_of
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.problems import Problem
from moderator.providers.provider import Admission


class Asked(Struct, frozen=True, kw_only=True):
    """Who wants to join where, and who asks for them."""

    source: str
    name: str
    """The room's, as the application calls it."""
    user: str = ""
    """Empty for somebody who is not known."""
    person: str = ""
    """What people call them."""
    role: str = ""
    actor: Actor


class _Place(Struct, frozen=True):
    """What is known of the room that is asked for."""

    key: RoomKey | None
    room: Room | None
    appointment: Appointment | None
    type_: RoomType | None


class Issuing:
    """Gives credentials, or refuses them. `visits` is None without rtcStats."""

    def __init__(
        self, ledger: Ledger, sources: Mapping[str, LiveSource], clock: Clock, visits: Visits | None = None
    ) -> None:
        self._ledger = ledger
        self._sources = sources
        self._clock = clock
        self._visits = visits
        self._opening = Opening(ledger, clock)

    async def issue(self, asked: Asked) -> dict[str, str]:
        """What the client joins with. Raises Problem, 403 for who may not; LogError when it could not be recorded."""
        source = self._source(asked.source)
        await self._must_be_admitted(asked)
        key = await self._opening.room_for(source, asked.name, asked.actor)
        place = await self._must_be_admitted(asked)  # the platform took its time
        visit = self._visits.visit(key, asked.user) if self._visits and asked.user else Visit()
        admission = self._admission(asked, source, key, place, visit)
        credentials = await answer_of(source, source.provider.credentials(admission))
        await self._note(asked, place, key, _issued(asked, admission, visit))
        return {**credentials, "rtcstatsToken": visit.token} if visit.token else credentials

    def _source(self, name: str) -> LiveSource:
        source = self._sources.get(name)
        if source is None:
            raise Problem(404, "unknown_source", "there is no such source, or your token may not see it")
        join = source.provider.capabilities["join"]
        if join.by != "provider":
            raise Problem(409, "not_supported", join.why or f"{source.provider_name} gives no credentials")
        return source

    async def _must_be_admitted(self, asked: Asked) -> _Place:
        """Raises Problem 403, which is written down."""
        place = self._place(asked)
        blocks = self._blocks(place.key)
        refusal = admit(place.room, blocks, place.appointment, place.type_, asked.user, self._clock.now_ms())
        if refusal is not None:
            data = CredentialsRefused(user=asked.user, room_name=asked.name, code=refusal.code)
            await self._note(asked, place, place.key, data)
            raise Problem(403, refusal.code, refusal.why)
        return place

    def _place(self, asked: Asked) -> _Place:
        """Whoever joins now joins what is going on in the room; where nothing is, what was announced by this name."""
        state, key = self._ledger.state, self._opening.known(asked.source, asked.name)
        room = self._ledger.room(key) if key else None
        appointment = state.announced.appointment(asked.source, asked.name)
        if room is not None and room.state == "live":
            type_ = state.settings.type_named(room.type) if room.type else None
            return _Place(key, room, room.appointment or appointment, type_)
        announced = state.settings.type_named(appointment.type) if appointment else None
        return _Place(key, room, appointment, announced or state.settings.type_of(asked.source, asked.name))

    def _blocks(self, key: RoomKey | None) -> tuple[Block, ...]:
        """They hold on when there is nothing else to show of the room."""
        known = self._ledger.state.rooms.get(key) if key else None
        return known.blocks if known else ()

    def _admission(self, asked: Asked, source: LiveSource, key: RoomKey, place: _Place, visit: Visit) -> Admission:
        role = role_of(place.appointment, asked.user, asked.role)
        return Admission(
            room=key.room,
            user=asked.user,
            name=asked.person,
            role=role,
            may_share_screen=may_share_screen(place.type_, role),
            expires_at=self._expiry(source, place),
            extra=visit.ids,
        )

    def _expiry(self, source: LiveSource, place: _Place) -> int:
        """No later than the room's own end, but for an end that has passed and that nobody is held to."""
        now = self._clock.now_ms()
        latest, over_at = now + source.provider.credentials_last_ms, ends_at(place.room, place.appointment, place.type_)
        return latest if over_at is None or over_at <= now else min(latest, over_at)

    async def _note(self, asked: Asked, place: _Place, key: RoomKey | None, data: Data) -> None:
        """In the timeline of the room, where there is one by now."""
        live = place.room if place.room is not None and place.room.state == "live" else None
        event = Event(
            id=EventId(uuid.uuid4().hex),
            source=SourceName(asked.source),
            room=key.room if key else None,
            instance=InstanceId(live.instance) if live else None,
            at=self._clock.now_ms(),
            actor=asked.actor,
            data=data,
        )
        await self._ledger.append([event])


def _issued(asked: Asked, admission: Admission, visit: Visit) -> CredentialsIssued:
    return CredentialsIssued(
        user=admission.user,
        name=admission.name,
        role=admission.role,
        room_name=asked.name,
        expires_at=admission.expires_at,
        conference=visit.conference,
        rtcstats_user=visit.user,
        rtcstats_session=visit.session,
    )
