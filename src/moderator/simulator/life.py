"""What people do by themselves: appointments begin and end, people drop out, return, share a screen; a guest slips in.

Pure: decides with a seeded generator and puts everything on the world's agenda. A world without Life is quiet.
Times are in seconds of the simulated world; `speed` divides them.
"""

import random
from collections.abc import Sequence
from functools import partial
from typing import Final, Literal

from msgspec import Struct, field

from moderator.simulator.people import APPOINTMENTS, Appointment, Crowd
from moderator.simulator.planned import Planned
from moderator.simulator.world import Change, Connection, Person, Room, Stream, StreamKind, TurnedAway, World

MINUTE: Final = 60
FIRST_GUEST_MS: Final = 12_000
"""Real time, whatever the speed: whoever tries this out shall not wait for the first one."""
FIRST_ROOM_LEFT_S: Final = 8 * MINUTE
"""The first room has an hour's appointment that crosses its five-minute warning soon, and does not end by itself."""
LIKELY_TO_RETURN: Final = 0.25
LIKELY_OVERRUN: Final = 0.4
LIKELY_AUDIO_ONLY: Final = 0.15
GENTLE_GUESTS_MS: Final = 4 * 60_000
"""Real time between guests, at least, in a gentle life."""
GENTLE_OVERRUN: Final = 0.15
GENTLE_MOST_GONE: Final = 0.75
"""Of an appointment, at the beginning of a gentle life: the rest is long enough to end in time."""
GENTLE_LEFT_OVER: Final = (0.12, 0.2)
"""How much of an appointment is left when its two people go in time: more than is warned of."""

Ending = Literal["late", "in time", "early", "by chance"]
"""When people go: after the end · before the warnings · a little before the end · late or early."""


class Plan(Struct):
    """One appointment: who is expected and until when. Over as soon as everybody has gone."""

    room: Room
    cast: tuple[Person, Person]
    ends_at: int
    leaves_at: int
    """When the two really go: a little early, or late. Nobody comes after it."""
    over: bool = False
    returns: dict[str, int] = field(default_factory=dict)
    """How often each uninvited guest still comes back after being removed."""


class Life:
    """Keeps a number of rooms alive."""

    def __init__(
        self,
        world: World,
        rng: random.Random,
        rooms: int,
        speed: float = 1,
        kinds: Sequence[Appointment] = APPOINTMENTS,
        camera_has_sound: bool = True,
        planned: Sequence[Planned] = (),
        gentle_after_s: float | None = None,
    ) -> None:
        """`planned` begin beside the number of rooms, when their time has come.

        `gentle_after_s` makes a life for a first look: so many real seconds later than usual comes the first guest and
        is the first room's warning; most other rooms end in time, and guests are rare.
        """
        self._planned = planned
        self._is_gentle, self._later_s = gentle_after_s is not None, gentle_after_s or 0.0
        self._world, self._rng, self._rooms, self._speed, self._kinds = world, rng, rooms, speed, kinds
        self._faces: tuple[StreamKind, ...] = ("camera",) if camera_has_sound else ("microphone", "camera")
        self._crowd = Crowd(rng)
        self._plans: dict[str, Plan] = {}
        self._numbers = 100
        world.listeners.append(self._heard)

    def begin(self, now: int) -> None:
        """Rooms that have been going on for a while, as on any working day; from here on the agenda goes by itself."""
        most = GENTLE_MOST_GONE if self._is_gentle else 1.0
        shares = [most * (index + 0.5) / max(1, self._rooms) for index in range(self._rooms)]
        self._rng.shuffle(shares)
        for index, share in enumerate(shares):
            kind = self._kinds[index % len(self._kinds)]
            first_s = kind.minutes * MINUTE - FIRST_ROOM_LEFT_S - self._later_s * self._speed
            gone_s = share * kind.minutes * MINUTE if index else max(0.0, first_s)
            ends: Ending = "late" if index == 0 else "in time" if self._is_gentle else "by chance"
            self._meet(kind, now - self._ms(gone_s), now, ends)
        self._world.when(now + FIRST_GUEST_MS + round(self._later_s * 1000), self._next_guest)
        for one in self._planned:
            self._world.when(one.at, partial(self._keep, one))

    # --- appointments -----------------------------------------------------------------------------------------------

    def _meet(self, kind: Appointment, start: int, now: int, ends: Ending = "by chance") -> None:
        self._numbers += 1
        room = self._world.create(f"{kind.name}-{self._numbers}", start)
        cast = (self._crowd.person(kind.host), self._crowd.person(kind.visitor))
        self._hold(Plan(room, cast, start + self._ms(kind.minutes * MINUTE), 0), kind, start, now, ends)

    def _keep(self, one: Planned, at: int) -> None:
        """An appointment that was announced."""
        kind = self._kinds[0]
        host = Person(one.host, self._crowd.person(kind.host).name, kind.host)
        visitor = Person(one.visitor, self._crowd.person(kind.visitor).name, kind.visitor)
        plan = Plan(self._world.create(one.name, at), (host, visitor), at + self._ms(kind.minutes * MINUTE), 0)
        self._hold(plan, kind, at, at, "by chance")

    def _hold(self, plan: Plan, kind: Appointment, start: int, now: int, ends: Ending) -> None:
        """People come, and go again. Who has no id does not come."""
        plan.room.ends_at = ends_at = plan.ends_at
        if ends == "by chance":
            ends = "in time" if self._is_gentle else "early"
            if self._rng.random() < (GENTLE_OVERRUN if self._is_gentle else LIKELY_OVERRUN):
                ends = "late"
        leaves_at = max(now, self._leaves_at(ends_at, kind, ends))
        plan.leaves_at = leaves_at
        self._plans[plan.room.id] = plan
        for index, person in enumerate(one for one in plan.cast if one.user):
            self._world.when(start + index * self._some(3, 25), partial(self._come, plan, person))
            self._world.when(leaves_at + self._some(0, 20), partial(self._go, plan, person))
        self._world.when(now + self._some(60, 24 * MINUTE), partial(self._episode, plan))

    def _leaves_at(self, ends_at: int, kind: Appointment, ends: Ending) -> int:
        if ends == "late":
            return ends_at + self._some(4 * MINUTE, 8 * MINUTE)
        if ends == "in time":
            least, most = (share * kind.minutes * MINUTE for share in GENTLE_LEFT_OVER)
            return ends_at - self._some(least, most)
        return ends_at - self._some(0, kind.minutes * MINUTE * 0.15)

    def _come(self, plan: Plan, person: Person, at: int) -> None:
        if plan.over or at >= plan.leaves_at:
            return
        audio_only = self._rng.random() < LIKELY_AUDIO_ONLY
        if connection := self._knock(plan, person, at):
            for kind in ("microphone",) if audio_only else self._faces:
                self._publish(connection, kind, at)

    def _knock(self, plan: Plan, person: Person, at: int) -> Connection | None:
        """The person's new connection, unless they are not let in."""
        try:
            return self._world.join(plan.room.id, person, at)
        except TurnedAway:
            if plan.room.is_over:
                self._give_up(plan, at)
            return None

    def _publish(self, connection: Connection, kind: StreamKind, at: int) -> Stream | None:
        """The new medium, unless a moderator withholds it."""
        try:
            return self._world.publish(connection.id, kind, at)
        except TurnedAway:
            return None

    def _go(self, plan: Plan, person: Person, at: int) -> None:
        for connection in self._connections(plan, person):
            self._world.leave(connection.id, at)

    def _give_up(self, plan: Plan, at: int) -> None:
        plan.over = True
        del self._plans[plan.room.id]
        self._world.when(at + self._some(20, 60), self._replace)

    def _replace(self, at: int) -> None:
        self._meet(self._rng.choice(self._kinds), at, at)

    # --- what happens in between ------------------------------------------------------------------------------------

    def _episode(self, plan: Plan, at: int) -> None:
        if plan.over:
            return
        self._world.when(at + self._some(6 * MINUTE, 24 * MINUTE), partial(self._episode, plan))
        host, visitor = plan.cast
        if not (self._connections(plan, host) and self._connections(plan, visitor)):
            return
        what = self._rng.choices((self._share, self._rejoin, self._drop, self._open_tab), (40, 25, 15, 20))[0]
        what(plan, host if self._rng.random() < 0.6 else visitor, at)

    def _share(self, plan: Plan, person: Person, at: int) -> None:
        connection = self._connections(plan, person)[0]
        stream = self._publish(connection, "screen", at)

        def stop(at: int) -> None:
            if stream and stream.id in connection.streams:
                self._world.unpublish(stream.id, at, "stopped")

        self._world.when(at + self._some(2 * MINUTE, 5 * MINUTE), stop)

    def _rejoin(self, plan: Plan, person: Person, at: int) -> None:
        self._go(plan, person, at)
        self._world.when(at + self._some(5, 20), partial(self._come, plan, person))

    def _drop(self, plan: Plan, person: Person, at: int) -> None:
        """The network breaks: the person is back before the platform has noticed that the old connection is dead."""
        old = self._connections(plan, person)[0]
        self._world.when(at + self._some(4, 10), partial(self._come, plan, person))
        self._world.when(at + self._some(15, 30), partial(self._time_out, plan, old))

    def _time_out(self, plan: Plan, connection: Connection, at: int) -> None:
        if connection.id in plan.room.connections:
            self._world.leave(connection.id, at, "lost")

    def _open_tab(self, plan: Plan, person: Person, at: int) -> None:
        second = self._knock(plan, person, at)

        def close(at: int) -> None:
            if second and second.id in plan.room.connections:
                self._world.leave(second.id, at)
                if not self._connections(plan, person):  # where a second tab replaces the first
                    self._world.when(at + self._some(2, 6), partial(self._come, plan, person))

        self._world.when(at + self._some(2 * MINUTE, 4 * MINUTE), close)

    # --- the uninvited ----------------------------------------------------------------------------------------------

    def send_guest(self, at: int, room_id: str | None = None) -> Connection | None:
        """An uninvited guest joins this room, or one with two people and time left; None when there is none."""
        plan = self._plans.get(room_id) if room_id else self._busy_room(at)
        if plan is None or at >= plan.leaves_at:
            return None
        guest = self._crowd.person("guest")
        plan.returns[guest.user] = self._rng.choice((1, 2))
        self._slip_in(plan, guest, at)
        return next(iter(self._connections(plan, guest)), None)

    def _slip_in(self, plan: Plan, guest: Person, at: int) -> None:
        """For a while, but not after the two whom they came to have gone."""
        self._come(plan, guest, at)
        self._world.when(min(at + self._some(5 * MINUTE, 8 * MINUTE), plan.leaves_at), partial(self._go, plan, guest))

    def _next_guest(self, at: int) -> None:
        came = self.send_guest(at)
        wait = self._some(6 * MINUTE, 9 * MINUTE) if came else self._some(20, 30)
        if came and self._is_gentle:
            wait = max(wait, GENTLE_GUESTS_MS)
        self._world.when(at + wait, self._next_guest)

    def _busy_room(self, at: int) -> Plan | None:
        def suits(plan: Plan) -> bool:
            here = {connection.person.user for connection in plan.room.connections.values()}
            is_on = at < plan.leaves_at and plan.ends_at - at > self._ms(3 * MINUTE)
            return is_on and here == {person.user for person in plan.cast}

        return self._rng.choice([plan for plan in self._plans.values() if suits(plan)] or [None])

    # --- reactions --------------------------------------------------------------------------------------------------

    def _heard(self, change: Change) -> None:
        if change.kind != "left" or (plan := self._plans.get(change.room.id)) is None:
            return
        if not plan.room.connections:
            self._give_up(plan, change.at)
        elif change.ending == "removed" and change.connection:
            self._removed(plan, change.connection.person, change.at)

    def _removed(self, plan: Plan, person: Person, at: int) -> None:
        soon = at + self._some(15, 40)
        if person in plan.cast:
            if self._rng.random() < LIKELY_TO_RETURN:
                self._world.when(soon, partial(self._come, plan, person))
        elif plan.returns.get(person.user, 0) > 0:
            plan.returns[person.user] -= 1
            self._world.when(soon, partial(self._slip_in, plan, person))

    # --- time -------------------------------------------------------------------------------------------------------

    def _connections(self, plan: Plan, person: Person) -> list[Connection]:
        return [one for one in plan.room.connections.values() if one.person.user == person.user]

    def _some(self, least_s: float, most_s: float) -> int:
        return self._ms(self._rng.uniform(least_s, most_s))

    def _ms(self, seconds: float) -> int:
        return round(seconds * 1000 / self._speed)
