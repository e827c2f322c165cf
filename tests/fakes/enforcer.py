"""A gateway without a network: it folds, decides and appends in a time that tests move. Commands wait for the test."""

from moderator.domain.events import DisconnectRequested, Entry, Event
from moderator.domain.fold import fold
from moderator.domain.kinds import Command
from moderator.domain.policy import decide, wake_at
from moderator.domain.rooms import Room
from moderator.domain.settings import Settings
from moderator.domain.state import State
from moderator.domain.wanted import still_wanted
from tests.fakes.builders import DAY, KEY, an_entry, confirmed, failed, left, the_room

MOST_ROUNDS = 20


class Enforcer:
    """Looks after one room. `read` is everything that the log holds, as it was read back."""

    def __init__(self, settings: Settings | None = None, *, now: int = DAY) -> None:
        self.state = State()
        self.state.settings = settings or Settings()
        self.now = now
        self.entries: list[Entry] = []
        self.read: list[Event] = []

    @property
    def room(self) -> Room:
        return the_room(self.state)

    def tell(self, *events: Event) -> list[Event]:
        """Each event in an entry of its own, recorded now; then policies and timers have their turn."""
        read = [found for event in events for found in self.add(event)]
        self.act()
        return read

    def at(self, at: int, *events: Event) -> list[Event]:
        """Let the time pass until then, with all that falls due, and tell."""
        self.run_until(at)
        return self.tell(*events)

    def act(self) -> None:
        """Decide until nothing more is asked for: that comes soon, and what was accepted is wanted then."""
        read: list[Event] = []
        for _ in range(MOST_ROUNDS):
            proposals = self.proposals()
            if not proposals:
                return self._check_wanted(read)
            for event in proposals:
                read += self.add(event)
        raise AssertionError(f"decisions without end: {[event.data for event in self.proposals()]}")

    def proposals(self) -> list[Event]:
        room = self.state.room(KEY)
        if room is None:
            return []
        found = decide(room, self.now, held=self.state.hold is not None)
        return [proposal.event(room, self.now) for proposal in found]

    def wake_at(self) -> int | None:
        room = self.state.room(KEY)
        wake = None if room is None else wake_at(room, self.now)
        assert wake is None or wake > self.now
        return wake

    def run_until(self, at: int) -> None:
        """Sleep and wake as a gateway does. Nothing may fall due without a wake-up for it."""
        while (wake := self.wake_at()) is not None and wake <= at:
            self.now = wake - 1
            assert not self.proposals(), "asked for before its time"
            self.now = wake
            self.act()
        self.now = max(self.now, at)
        assert not self.proposals(), "there was no wake-up for this"

    def confirm_all(self) -> None:
        """The platform carries out every open command. What streams do then, nobody tells."""
        for command in self.room.pending:
            if command.command == "disconnect":
                self.add(left(command.target.partition("@")[0] + "@" * ("@" in command.target), self.now, forced=True))
            self.add(confirmed(command.id, command.target))
        self.act()

    def fail_all(self) -> None:
        """The platform refuses every open command."""
        for command in self.room.pending:
            self.add(failed(command.id, command.target))
        self.act()

    def of(self, data_type: type) -> list[Event]:
        """What was read of this kind; refused ones are not of it."""
        return [event for event in self.read if isinstance(event.data, data_type)]

    def disconnected(self) -> list[str]:
        """Whom it asked the platform to disconnect, in order."""
        return [event.data.participant for event in self.read if isinstance(event.data, DisconnectRequested)]

    def _check_wanted(self, read: list[Event]) -> None:
        for event in read:
            if isinstance(event.data, Command):
                assert still_wanted(self.room, event, self.now, held=False), f"nobody wants {event.data}"

    def add(self, event: Event) -> list[Event]:
        """Append and fold; nothing is decided yet."""
        entry = an_entry(event, seq=len(self.entries) + 1, recorded_at=self.now)
        self.entries.append(entry)
        read = fold(self.state, entry)
        self.read += read
        return read
