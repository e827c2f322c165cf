"""A world for tests, with everything that was told about it."""

import random
from dataclasses import dataclass, field

from moderator.simulator.world import Change, Connection, Person, World
from tests.fakes.builders import DAY

ANA = Person("u-17", "Ana", "student")
BILL = Person("u-18", "Bill", "tutor")


@dataclass
class Watched:
    """A world that was begun at DAY."""

    seed: int = 1
    speed: float = 1
    changes: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.world = World(self.rng, lambda name, created_ms, noise: f"room-{created_ms}-{noise}", self.speed)
        self.world.listeners.append(self.changes.append)

    def kinds(self) -> list[str]:
        """What happened, in order."""
        return [change.kind for change in self.changes]

    def pass_time(self, milliseconds: int, since: int = DAY) -> None:
        """Step once, as late as that."""
        self.world.step(since + milliseconds)


def check(changes: list[Change]) -> None:
    """Nobody leaves before joining, who is away publishes nothing, no id is used twice, no closed room has people."""
    used: set[str] = set()
    here: dict[str, Connection] = {}
    published: set[str] = set()
    is_open: set[str] = set()
    for change in changes:
        connection, stream = change.connection, change.stream
        if change.kind in ("opened", "joined", "published"):
            new = (stream or connection or change.room).id
            assert change.kind == "opened" or new not in used
            used.add(new)
        if change.kind == "opened":
            assert change.room.id not in is_open
            is_open.add(change.room.id)
        elif change.kind == "closed":
            is_open.remove(change.room.id)
        assert change.kind == "closed" or change.room.id in is_open
        if change.kind == "joined" and connection:
            here[connection.id] = connection
        elif change.kind == "left" and connection:
            assert not published & set(connection.streams)
            assert here.pop(connection.id).joined_at <= change.at
        elif stream and connection:
            assert connection.id in here
            published.add(stream.id) if change.kind == "published" else published.remove(stream.id)
