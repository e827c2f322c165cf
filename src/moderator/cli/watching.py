"""`moderator watch`: the feed in a terminal, a sentence or a frame per line. How the link is goes to standard error."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Sequence

import msgspec

from moderator.cli.connection import connection
from moderator.cli.failures import Failure
from moderator.client.feed_reader import FeedReader
from moderator.client.link import Link
from moderator.client.sentences import sentence
from moderator.client.telling import is_told
from moderator.client.texts import clock_time, safe
from moderator.clock import SystemClock
from moderator.domain.events import Event
from moderator.domain.state import State
from moderator.feed.session import FeedSession
from moderator.feed.sse import SseFrame


def watch(arguments: Namespace) -> int:
    """Show the feed until interrupted. Fails when the token is refused at the very beginning."""

    async def run() -> None:
        async with connection(arguments) as at:
            session = FeedSession()
            display = _Frames() if arguments.json else _Lines(session)
            await FeedReader(*at, display, SystemClock(), session=session).run()

    asyncio.run(run())
    return 0


class _Display:
    """What both forms have in common: the link."""

    def __init__(self) -> None:
        self._was_live = False
        self._said = ""

    def link_changed(self, link: Link) -> None:
        if link.state in {"signed_out", "forbidden"} and not self._was_live:
            raise Failure(link.sentence)
        self._was_live = self._was_live or link.state == "live"
        if link.sentence != self._said:  # not once more for each attempt
            self._said = link.sentence
            print(f"moderator: {safe(link.sentence)}", file=sys.stderr, flush=True)


class _Frames(_Display):
    """One frame per line, as it was received."""

    def frame_applied(self, frame: SseFrame, events: Sequence[Event]) -> None:
        line = b'{"event":%b,"id":%b,"data":%b}' % (
            msgspec.json.encode(frame.event),
            msgspec.json.encode(frame.id or None),
            frame.data.replace(b"\n", b" "),
        )
        print(line.decode("utf-8", "replace"), flush=True)


class _Lines(_Display):
    """One event per line: local time, room, what happened."""

    def __init__(self, session: FeedSession) -> None:
        super().__init__()
        self._session = session

    def frame_applied(self, frame: SseFrame, events: Sequence[Event]) -> None:
        for event in events:
            if is_told(event):
                print(line(event, self._session.state), flush=True)


def line(event: Event, state: State) -> str:
    """An event in a line. A room is called by its name, what concerns a source by the source's."""
    room = state.room(event.key) if event.key else None
    where = room.name if room else event.room or event.source or "gateway"
    return f"{clock_time(event.at)}  {safe(where)}  {sentence(event, room)}"
