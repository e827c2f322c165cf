"""A reader of the feed without a connection: subscribed in the process of the test, with what it knows."""

from moderator.domain.events import Event
from moderator.feed.messages import Frame, decode_frame
from moderator.feed.session import FeedSession
from moderator.feed.sse import SseDecoder
from moderator.gateway.access.tokens import Access
from tests.fakes.gateway import GatewayInProcess


class Reader:
    """One who is subscribed, with what they know."""

    def __init__(self, gateway: GatewayInProcess, access: Access, last: str | None = None) -> None:
        self._decoder = SseDecoder()
        self._gateway = gateway
        self.access = access
        self.session = FeedSession()
        self.subscriber = gateway.gateway.broadcast.subscribe(access, last)
        self.events: list[Event] = []

    async def frames(self) -> list[Frame]:
        """What waits for this reader."""
        raw = await self.subscriber.take()
        while self.subscriber.waiting:
            raw += await self.subscriber.take()
        found = [decode_frame(frame) for frame in self._decoder.feed(raw)]
        return [frame for frame in found if frame is not None]

    async def read(self) -> list[Frame]:
        """Take in what waits."""
        frames = await self.frames()
        for frame in frames:
            self.events += self.session.receive(frame, 0)
        return frames
