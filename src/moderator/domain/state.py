"""Everything known, as far as the log was read. What people see is computed from facts and decisions."""

from collections import deque
from collections.abc import Sequence

from msgspec import Struct

from moderator.domain.announced import Announced, Opened
from moderator.domain.announcements import Appointment
from moderator.domain.ids import RoomId, RoomKey, SourceName
from moderator.domain.instances import Instance
from moderator.domain.room_states import RoomState, RoomStates
from moderator.domain.rooms import Person, Room, find_stay
from moderator.domain.settings import Settings
from moderator.domain.stays import Stay
from moderator.domain.worked_out import WorkedOut


class Hold(Struct, frozen=True, gc=False):
    """Automatic disconnects are paused."""

    by: str
    since: int
    reason: str = ""


class Verdict(Struct, frozen=True, gc=False):
    """What became of an event, remembered for 24 h: a repeat changes nothing, and its sender gets the same answer."""

    seq: int
    recorded_at: int
    code: str = ""
    """Empty when it stands, else why it was refused."""
    why: str = ""


class Snapshot(Struct, frozen=True, gc=False, kw_only=True):
    """The state as one value, to be stored or sent; a state made from it folds on exactly like the original."""

    seq: int
    rooms: tuple[RoomState, ...]
    restarts: dict[str, tuple[int, ...]]
    settings: Settings
    hold: Hold | None
    verdicts: dict[str, Verdict]
    pruned_at: int
    forgotten_end: int = 0
    appointments: tuple[Appointment, ...] = ()
    opened: tuple[Opened, ...] = ()
    on_duty: dict[str, Person] = {}
    revoked: dict[str, int | None] = {}
    automatic_removals: tuple[int, ...] = ()
    resumed_at: int = 0


class State:
    """The fold's accumulator: tables of frozen values. Only `moderator.domain.fold` writes to it."""

    def __init__(self) -> None:
        self.seq = 0
        self.rooms = RoomStates()
        self.restarts: dict[str, tuple[int, ...]] = {}
        """Per source, when its media server started anew."""
        self.settings = Settings()
        self.hold: Hold | None = None
        self.verdicts: dict[str, Verdict] = {}
        """By event id, oldest first."""
        self.announced = Announced()
        self.on_duty: dict[str, Person] = {}
        """Moderators who watch the rooms now, by id."""
        self.revoked: dict[str, int | None] = {}
        """Ids of tokens that are refused although they may not have expired; until when, where that is known."""
        self.automatic_removals: deque[int] = deque()
        """When policies ordered somebody out, within the last minute before the newest: no more of them than tell that
        it was too many.
        """
        self.resumed_at = 0
        """When a moderator last let policies go on; what they order in the minute after that is not counted."""
        self.pruned_at = 0
        self.forgotten_end = 0
        """The latest end of any room of which nothing is known any more."""
        self._views: dict[RoomKey, Room | None] = {}
        """Computed rooms; dropped when something they depend on changes."""
        self._worked_out: dict[RoomKey, WorkedOut] = {}

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> "State":
        """A state that folds on like the one the snapshot was taken of."""
        state = cls()
        state.seq, state.hold, state.settings = snapshot.seq, snapshot.hold, snapshot.settings
        state.rooms = RoomStates(snapshot.rooms)
        state.restarts, state.pruned_at = dict(snapshot.restarts), snapshot.pruned_at
        state.forgotten_end = snapshot.forgotten_end
        state.announced = Announced(snapshot.appointments, snapshot.opened)
        state.on_duty, state.revoked = dict(snapshot.on_duty), dict(snapshot.revoked)
        state.automatic_removals, state.resumed_at = deque(snapshot.automatic_removals), snapshot.resumed_at
        state.verdicts = dict(sorted(snapshot.verdicts.items(), key=lambda item: (item[1].recorded_at, item[0])))
        return state

    def snapshot(self) -> Snapshot:
        """The whole state. Its parts are in an order that depends on nothing but its content, but for the verdicts,
        which are many: to put them in order takes long.
        """
        return Snapshot(
            seq=self.seq,
            rooms=tuple(self.rooms[key] for key in sorted(self.rooms)),
            restarts=dict(sorted(self.restarts.items())),
            settings=self.settings,
            hold=self.hold,
            verdicts=dict(self.verdicts),
            pruned_at=self.pruned_at,
            forgotten_end=self.forgotten_end,
            appointments=self.announced.appointments(),
            opened=self.announced.opened(),
            on_duty=dict(sorted(self.on_duty.items())),
            revoked=dict(sorted(self.revoked.items())),
            automatic_removals=tuple(self.automatic_removals),
            resumed_at=self.resumed_at,
        )

    def room(self, key: RoomKey) -> Room | None:
        """The room as people see it, or None when there is nothing to show of it."""
        if key in self._views:
            return self._views[key]
        if key not in self.rooms:  # whatever somebody may ask for is not kept
            return None
        self._views[key] = self._view(key)
        return self._views[key]

    def name_of(self, key: RoomKey) -> str:
        """What a room is called: as announced, else as it was opened, else as the platform says, else its id."""
        if (room := self.room(key)) is not None:
            return room.name
        found = self.rooms.get(key)
        return self.announced.called(key.source, key.room, found.platform_name if found else "")

    def rooms_of(self, source: str, name: str, room: str = "") -> list[RoomKey]:
        """The known rooms that an appointment of that name, or for that room, is about."""
        places = {name, room} - {""}
        ids = places | {self.announced.room_for(source, place) for place in places}
        by_id = {RoomKey(SourceName(source), RoomId(id_)) for id_ in ids} & self.rooms.keys()
        return sorted(by_id.union(*(self.rooms.named(source, place) for place in places)))

    def all_rooms(self) -> list[Room]:
        """Every room there is something to show of, in the order of keys."""
        return [room for key in sorted(self.rooms) if (room := self.room(key)) is not None]

    def forget_views(self, key: RoomKey | None) -> None:
        """What was computed of this room, or of all, is out of date."""
        if key is None:
            self._views.clear()
        else:
            self._views.pop(key, None)

    def forget_room(self, key: RoomKey) -> None:
        """Nothing is known of this room any more."""
        del self.rooms[key]
        self._views.pop(key, None)
        self._worked_out.pop(key, None)

    def forget_work(self, key: RoomKey) -> None:
        """There is nothing to show of this room any more, until something is reported of it."""
        self._views[key] = None
        self._worked_out.pop(key, None)

    def instances(self, room: RoomState) -> Sequence[Instance]:
        """The instances of a room, oldest first."""
        return self._of(room.key).instances(room, self.restarts.get(room.source, ()))

    def stay(self, key: RoomKey, participant: str) -> Stay | None:
        """The stay with this participant id, in any instance, with what the provider needs to act on it."""
        room = self.rooms.get(key)
        return find_stay(self._stays(room), participant) if room else None

    def last_stay_of(self, key: RoomKey, user: str) -> Stay | None:
        """The latest stay of a person, in any instance."""
        room = self.rooms.get(key)
        stays = [stay for stay in self._stays(room) if stay.user == user] if room else []
        return max(stays, key=lambda stay: stay.joined_at, default=None)

    def _view(self, key: RoomKey) -> Room | None:
        room = self.rooms.get(key)
        if room is None:
            return None
        return self._of(key).room(room, self.restarts.get(room.source, ()), self.announced, self.settings)

    def _of(self, key: RoomKey) -> WorkedOut:
        if (known := self._worked_out.get(key)) is None:
            known = self._worked_out[key] = WorkedOut()
        return known

    def _stays(self, room: RoomState) -> list[Stay]:
        return [stay for instance in self.instances(room) for stay in instance.stays]
