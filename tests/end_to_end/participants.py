"""The tests' handle on `participant`, the program that is one real person in a room of Janus."""

import asyncio
from pathlib import Path
from typing import Self

from tests.end_to_end.child_program import ChildProgram, Event
from tests.end_to_end.janus_server import JanusServer


class Participant(ChildProgram):
    """One participant. It joins and publishes by itself: wait for "joined", "published" or "error"."""

    def __init__(
        self,
        server: JanusServer,
        room: str | int,
        user: str | int,
        *,
        display: str = "",
        token: str | None = None,
        stubborn: bool = False,
        watch_only: bool = False,
        log: Path | None = None,
    ) -> None:
        arguments = [f"--url={server.websocket_url}", f"--api-secret={server.api_secret}"]
        arguments += [f"--room={room}", f"--id={user}", f"--display={display or user}", f"--token={token or ''}"]
        flags = {"--integer-ids": isinstance(user, int), "--stubborn": stubborn, "--watch-only": watch_only}
        arguments += [flag for flag, is_wanted in flags.items() if is_wanted]
        super().__init__("tests.end_to_end.participant", arguments, name=str(user), log=log)
        self.user = user
        self._packets = 0
        self._reports = 0

    # What it reports

    async def sees(self, other: Self, seconds: float = 30, **fields: object) -> Event:
        """Waits for the first frame of a stream of another participant: `kind="video"`, `description="screen"`."""
        return await self.wait_for("receiving", seconds, **{"from": other.user, **fields})

    def rtp_packets(self) -> int:
        """Received since the start, as of the last report (every half second)."""
        return self._packets

    async def rtp_beyond(self, packets: int, seconds: float = 30) -> int:
        """Waits until more than `packets` were received."""
        return await self._until(
            lambda: self._packets if self._packets > packets else None, seconds, f"received over {packets} packets"
        )

    async def rtp_during(self, seconds: float) -> int:
        """How many packets arrive in a window that begins with the next report."""
        await self._next_report()
        before = self._packets
        await asyncio.sleep(seconds)
        await self._next_report()
        return self._packets - before

    # What it is told

    async def publish_screen(self) -> None:
        await self.do("publish_screen")
        await self.wait_for("screen_published")

    async def stop_screen(self) -> None:
        await self.do("stop_screen")
        await self.wait_for("screen_stopped")

    async def leave(self) -> None:
        """Leaves the room, and waits until Janus said goodbye. The program stays: "rejoin" works."""
        await self.do("leave")
        await self.wait_for("left")

    async def rejoin(self, **fields: object) -> None:
        """In a new session, perhaps with another `id` or `token`: wait for "joined" or "error".

        A stubborn participant keeps its earlier session and what it still receives there.
        """
        await self.do("rejoin", **fields)

    def _note(self, event: Event) -> None:
        if event["event"] == "rtp":
            self._packets = event["packets"]
            self._reports += 1
        else:
            super()._note(event)

    async def _next_report(self) -> None:
        seen = self._reports
        await self._until(lambda: True if self._reports > seen else None, 5, "reported its packets")
