"""The tests' handle on `livekit_participant`, the program that is one real person in a room of LiveKit."""

from pathlib import Path
from typing import Self

from tests.end_to_end.child_program import ChildProgram, Event
from tests.end_to_end.livekit_server import Kind, LiveKitServer


class LiveKitParticipant(ChildProgram):
    """One participant, who joins and publishes by itself: wait for "joined", "published" or "error"."""

    def __init__(
        self,
        server: LiveKitServer,
        room: str,
        identity: str,
        *,
        publish: str = "camera,microphone",
        name: str = "",
        kind: Kind = "standard",
        hidden: bool | None = None,
        token: str | None = None,
        log: Path | None = None,
    ) -> None:
        """`token`: what somebody else gave them; else one that lets them do everything."""
        token = token or server.token(room, identity, name=name, kind=kind, hidden=hidden)
        arguments = [f"--url={server.websocket_url}", f"--token={token}", f"--identity={identity}"]
        arguments.append(f"--publish={publish}")
        super().__init__("tests.end_to_end.livekit_participant", arguments, name=identity, log=log)
        self.identity = identity

    async def sees(self, other: Self, source: str, seconds: float = 30) -> Event:
        """Waits for the first frame of a track of another participant."""
        return await self.wait_for("receiving", seconds, **{"from": other.identity, "source": source})

    async def publish(self, source: str) -> None:
        await self.do("publish", source=source)
        await self.wait_for("published", source=source)

    async def unpublish(self, source: str) -> None:
        await self.do("unpublish", source=source)
        await self.wait_for("unpublished", source=source)

    async def leave(self) -> None:
        """Leaves the room with a goodbye. The program stays: "rejoin" works."""
        await self.do("leave")
        await self.wait_for("left")

    async def rejoin(self) -> None:
        """With the same token: wait for "joined"."""
        await self.do("rejoin")
