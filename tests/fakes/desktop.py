"""What widgets need in a test: rooms as values, and a store that shows them at a time that the test owns."""

from collections.abc import Sequence
from typing import Final, Literal

from moderator.client.me import Me
from moderator.desktop.live_store import LiveStore
from moderator.domain.announced import Announced
from moderator.domain.announcements import Appointment, Listed
from moderator.domain.decided import Decided
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.room_states import RoomState
from moderator.domain.rooms import Deadline, Limits, Participant, Person, Room, Violation, Warning
from moderator.domain.settings import DEFAULT_WARN_MS, MINUTE_MS, Capability, Mode, OnExpiry
from moderator.domain.state import Hold
from moderator.feed.messages import Heartbeat, Snapshot
from moderator.feed.session import FeedSession
from tests.fakes.builders import DAY
from tests.fakes.clock import FakeClock

NOW: Final = DAY + 14 * 60 * MINUTE_MS + 4 * MINUTE_MS + 13_000
"""Four minutes past two, in the afternoon."""
SCOPES: Final = (
    *("rooms:read", "rooms:watch", "rooms:extend", "rooms:end", "rooms:message"),
    *("participants:disconnect", "participants:mute", "policy:hold", "audit:read", "stats:read"),
)
MAYA: Final = Me(name="Maya", scopes=SCOPES, id="maya")
ALL_BY_PROVIDER: Final = {  # but deadlines, which the gateway keeps
    name: Capability("provider")
    for name in ("disconnect", "block", "mute", "revoke", "stop_stream", "message", "end", "readmit")
} | {"extend": Capability("gateway")}


class FakeTime(FakeClock):
    """Stands still until the test moves it; known exactly, unless the test says otherwise."""

    error_ms: float | None = 12.0

    def elapse(self, ms: int) -> None:
        """Time passes, also on the clock that is never set."""
        self._pass(ms)


class FakeStore(LiveStore):
    """A store that shows what it is told to. Everything but the rooms is the real one's."""

    def __init__(self, rooms: Sequence[Room], *, now_ms: int, me: Me | None) -> None:
        self.time = FakeTime(now_ms)
        super().__init__(self.time, self.time)
        self._shown = {room.key: room for room in rooms}
        self.me = me
        self.session = FeedSession()
        self.watch(self.session, self.time)
        self.hear()

    def room(self, key: RoomKey) -> Room | None:
        return self._shown.get(key)

    def rooms(self) -> list[Room]:
        return [self._shown[key] for key in sorted(self._shown)]

    def show(self, *rooms: Room) -> None:
        """This is the whole picture from now on."""
        self._shown = {room.key: room for room in rooms}
        self.replaced.emit()

    def change(self, *rooms: Room) -> None:
        """These rooms are different, or new; the others stay."""
        self._shown.update({room.key: room for room in rooms})
        self.rooms_updated.emit(frozenset(room.key for room in rooms))

    def drop(self, *keys: RoomKey) -> None:
        """There is nothing to show of these rooms any more."""
        for key in keys:
            del self._shown[key]
        self.rooms_updated.emit(frozenset(keys))

    def tell(self, *events: Event) -> None:
        """These happened."""
        self.events_arrived.emit(events)

    def hear(self) -> None:
        """The gateway says that it is there: what is shown is fresh."""
        if self.session.ready:
            self.session.receive(Heartbeat(after=1, seq=1, now=self.now_ms()), self.time.monotonic())
        else:
            page = Snapshot(seq=1, now=self.now_ms(), page=1, last=True, rooms=(), sources=(), cursor="fake-1")
            self.session.receive(page, self.time.monotonic())
            self.complete_since = self.now_ms()

    def announce(self, *appointments: Appointment) -> None:
        """These are announced from now on."""
        self.session.state.announced = Announced(appointments)
        self.replaced.emit()

    def put_on_duty(self, *moderators: Person) -> None:
        """These watch the rooms from now on."""
        self.session.state.on_duty = {one.id: one for one in moderators}
        self.events_arrived.emit(())

    def remember(self, room: Room, *violations: Violation) -> None:
        """These were found in it, also of people who are not there any more."""
        decided = {room.instance: Decided(violations=violations)}
        known = RoomState(source=room.source, room=room.room, decided=decided)
        self.session.state.rooms[room.key] = known
        self.change(room)

    def hold_disconnects(self, hold: Hold | None) -> None:
        """Somebody paused automatic disconnects, or let them go on."""
        self.session.state.hold = hold
        self.rooms_updated.emit(frozenset())


def a_store(*rooms: Room, now_ms: int = NOW, me: Me | None = MAYA) -> FakeStore:
    """A store that shows these rooms; `store.time` is its clock."""
    return FakeStore(rooms, now_ms=now_ms, me=me)


def a_person(
    id_: str, name: str = "", *, user: str | None = None, role: str = "", joined_at: int = NOW - 10 * MINUTE_MS
) -> Participant:
    """Somebody who is in the room; without `user` the id names the person too."""
    return Participant(
        id=id_,
        user=id_ if user is None else user,
        name=name,
        role=role,
        state="here",
        joined_at=joined_at,
        left_at=None,
        allowed=True,
        data="",
        streams=(),
    )


def a_warning(threshold_s: int, *, version: int = 1, raised_at: int = NOW, by: str | None = None) -> Warning:
    """A threshold that was crossed; `by` acknowledged it."""
    threshold_ms = threshold_s * 1000
    return Warning(
        id=f"{version}-{threshold_ms}",
        threshold_ms=threshold_ms,
        deadline_version=version,
        raised_at=raised_at,
        acknowledged_by=by,
    )


REASON_OF: Final = {
    "max_people": "room_full",
    "allow_list": "not_listed",
    "screen_share": "wrong_share",
    "lock": "other",
}
"""By policy, what its disconnects are given as the reason."""


def a_violation(
    participant: str,
    *,
    policy: str = "max_people",
    enforced: bool = False,
    found_at: int = NOW - 40_000,
    stream: str = "",
) -> Violation:
    """One too many in the room, or another who may not be there."""
    return Violation(
        policy=policy,
        participant=participant,
        user=participant,
        reason=REASON_OF[policy],
        found_at=found_at,
        enforced=enforced,
        stream=stream,
    )


def an_appointment(
    name: str = "appt-18", starts_in_s: int = 1800, *users: str, room: str = "", minutes: int | None = 60
) -> Appointment:
    """Announced for these users, to begin so long after `NOW`."""
    return Appointment(
        source="clinic",
        name=name,
        room=room,
        starts_at=NOW + starts_in_s * 1000,
        duration_ms=None if minutes is None else minutes * MINUTE_MS,
        allow=tuple(Listed(user) for user in users),
    )


def limits(
    *, max_people: int | None = 2, on_expiry: OnExpiry = "disconnect", mode: Mode = "enforce", step_ms: int = 300_000
) -> Limits:
    """The rules of an hour's appointment."""
    return Limits(
        max_people=max_people,
        duration_ms=60 * MINUTE_MS,
        starts="first_join",
        resume_within_ms=10 * MINUTE_MS,
        warn_ms=DEFAULT_WARN_MS,
        extension_step_ms=step_ms,
        on_expiry=on_expiry,
        mode=mode,
    )


def a_room(
    name: str = "cardio-14",
    *,
    left_s: int | None = 1800,
    version: int = 1,
    now_ms: int = NOW,
    source: str = "clinic",
    provider: str = "vonage",
    room: str | None = None,
    instance: str = "0",
    state: Literal["announced", "live", "ended"] = "live",
    people: Sequence[Participant] = (a_person("lee", "Dr Lee"), a_person("bill", "Bill Buffalo")),
    warnings: Sequence[Warning] = (),
    violations: Sequence[Violation] = (),
    owner: Person | None = None,
    rules: Limits | None = limits(),  # noqa: B008  # frozen
    expired: bool = False,
    allowance_ms: int | None = None,
) -> Room:
    """A room with `left_s` seconds left at `now_ms`, or without a deadline. Take `replace` for everything else."""
    deadline = None
    if left_s is not None:
        deadline = Deadline(
            ends_at=now_ms + left_s * 1000,
            version=version,
            kept_by="gateway",
            warn_ms=DEFAULT_WARN_MS,
            expired=expired,
            allowance_ms=allowance_ms,
        )
    return Room(
        source=source,
        provider=provider,
        room=name if room is None else room,
        instance=instance,
        name=name,
        type="appointment" if rules else None,
        state=state,
        started_at=now_ms - 30 * MINUTE_MS,
        ended_at=now_ms if state == "ended" else None,
        version=1,
        heard_at=now_ms,
        owner=owner,
        people=len({one.person for one in people if one.here}),
        deadline=deadline,
        limits=rules,
        warnings=tuple(warnings),
        capabilities=ALL_BY_PROVIDER,
        participants=tuple(people),
        blocks=(),
        violations=tuple(violations),
        pending=(),
        deadline_version=version,
    )
