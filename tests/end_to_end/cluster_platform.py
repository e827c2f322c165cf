"""A platform that several gateways moderate: who is in its rooms, a record of whom it was asked to remove, and webhooks
that it repeats until a gateway has taken them.

In the process of the test. Gateways ask it by HTTP (`cluster_provider`).
"""

import asyncio
import itertools
import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from moderator.clock import SystemClock
from moderator.domain.events import (
    Event,
    ParticipantJoined,
    ParticipantLeft,
    StreamPublished,
    StreamUpdated,
)
from moderator.domain.ids import EventId
from moderator.domain.kinds import Data
from moderator.providers.provider import ListedParticipant, ListedRoom
from moderator.tasks import TaskScope
from tests.end_to_end.cluster_provider import Removal
from tests.fakes.builders import SOURCE, a_fact
from tests.fakes.provider import SECRET, a_webhook

GIVES_UP_S: Final = 5.0
"""After so long without an answer a platform tries again."""
FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 2.0
SENDERS: Final = 24
PATH: Final = f"/webhooks/{SOURCE}"
HEAD: Final = f"POST {PATH} HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer {SECRET}\r\n".encode() + (
    b"content-length: %d\r\n\r\n"
)
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Platform:
    """Rooms, people, and a record of what gateways did."""

    def __init__(self, gateways: Sequence[str], tasks: TaskScope) -> None:
        """`gateways`: the addresses of those to which webhooks go in turn."""
        self._webhooks = Webhooks(gateways, tasks)
        self._clock = SystemClock()
        self._people: defaultdict[str, dict[str, ListedParticipant]] = defaultdict(dict)
        self.removals: list[tuple[str, str]] = []
        """Room and participant of every request to remove somebody."""
        routes = [Route("/rooms", self._rooms), Route("/removals", self._remove, methods=["POST"])]
        self.app = Starlette(routes=routes)

    @property
    def acknowledged(self) -> dict[EventId, int]:
        """The events that a gateway answered for with 200, and when it first did."""
        return self._webhooks.acknowledged

    @property
    def reported(self) -> set[EventId]:
        """Everything that happened here."""
        return self._webhooks.reported

    def here(self, room: str) -> list[str]:
        """Who is in a room."""
        return list(self._people[room])

    def join(self, room: str, participant: str) -> None:
        now = self._clock.now_ms()
        user = participant.partition(":")[0]
        self._people[room][participant] = ListedParticipant(participant=participant, user=user, joined_at=now)
        self._report(ParticipantJoined(participant=participant, user=user), room)

    def leave(self, room: str, participant: str, *, forced: bool = False) -> None:
        if self._people[room].pop(participant, None) is not None:
            self._report(ParticipantLeft(participant=participant, forced=forced), room)

    def publish(self, room: str, participant: str) -> None:
        self._report(StreamPublished(participant=participant, stream=f"s-{participant}", kind="camera"), room)

    def update(self, room: str, participant: str, number: int) -> None:
        stream = StreamUpdated(
            participant=participant, stream=f"s-{participant}", name=f"{number}", muted=number % 2 == 0
        )
        self._report(stream, room)

    async def all_told(self) -> None:
        """Wait until every webhook was taken."""
        while self.reported != self.acknowledged.keys():
            await asyncio.sleep(0.05)

    def _report(self, data: Data, room: str) -> None:
        self._webhooks.put(a_fact(data, self._clock.now_ms(), room=room))

    async def _rooms(self, _: Request) -> Response:
        rooms = [ListedRoom(room=room, participants=tuple(here.values())) for room, here in self._people.items()]
        return Response(msgspec.json.encode([room for room in rooms if room.participants]))

    async def _remove(self, request: Request) -> Response:
        removal = msgspec.json.decode(await request.body(), type=Removal)
        self.removals.append((removal.room, removal.participant))
        self.leave(removal.room, removal.participant, forced=True)
        return Response()


class Webhooks:
    """Goes on with each of them until it is answered with 200.

    A client that can do little else: all of this shares the processors with what is tested.
    """

    def __init__(self, gateways: Sequence[str], tasks: TaskScope) -> None:
        self._gateways = itertools.cycle(int(url.rpartition(":")[2]) for url in gateways)
        self._waiting: asyncio.Queue[tuple[Event, float]] = asyncio.Queue()
        self._clock = SystemClock()
        self.reported: set[EventId] = set()
        self.acknowledged: dict[EventId, int] = {}
        for _ in range(SENDERS):
            tasks.start("webhooks", self._send())

    def put(self, event: Event, pause_s: float = FIRST_PAUSE_S) -> None:
        """It is sent; after a failure again, and then again after that pause."""
        self.reported.add(event.id)
        self._waiting.put_nowait((event, pause_s))

    async def _send(self) -> None:
        connections: dict[int, Connection] = {}
        try:
            while True:
                event, pause_s = await self._waiting.get()
                if await self._is_taken(event, connections, next(self._gateways)):
                    self.acknowledged.setdefault(event.id, self._clock.now_ms())
                    continue
                later_s = pause_s * random.uniform(0.5, 1)
                asyncio.get_running_loop().call_later(later_s, self.put, event, min(LONGEST_PAUSE_S, pause_s * 2))
        finally:
            for _, writer in connections.values():
                writer.transport.abort()

    async def _is_taken(self, event: Event, connections: dict[int, Connection], port: int) -> bool:
        try:
            async with asyncio.timeout(GIVES_UP_S):
                if port not in connections:
                    connections[port] = await asyncio.open_connection("127.0.0.1", port)
                if await posted(connections[port], a_webhook(event)) == 200:
                    return True
        except (OSError, EOFError, TimeoutError):
            pass
        if (broken := connections.pop(port, None)) is not None:
            broken[1].transport.abort()
        return False


async def posted(connection: Connection, body: bytes) -> int:
    """The status of the answer. Raises OSError or EOFError."""
    reader, writer = connection
    writer.write(HEAD % len(body) + body)
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().lower().splitlines()
    length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
    await reader.readexactly(length)
    return int(lines[0].split()[1])
