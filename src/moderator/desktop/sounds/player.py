"""Plays cues beside the window: never two at a time, and never so that anybody waits for the machine's audio."""

import asyncio
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Final, Protocol

from moderator.desktop.sounds.cues import Cue
from moderator.desktop.sounds.speaker import Speaker, SpeakerError

CLOSING_S: Final = 0.5


class PlaysCues(Protocol):
    """A `moderator.desktop.sounds.speaker.Speaker`, or who takes its place."""

    def play(self, cue: Cue, volume: int) -> None: ...
    def close(self) -> None: ...


class Player:
    """One thread, made for the first cue. It ends with the program even where the machine's audio hangs."""

    def __init__(self, speaker: PlaysCues | None = None) -> None:
        self._speaker: PlaysCues = speaker or Speaker()
        self._orders: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._turn = asyncio.Lock()

    async def play(self, cue: Cue, volume: int) -> None:
        """Play a cue to its end, after those that were asked for before. Raises SpeakerError."""
        async with self._turn:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="sounds", daemon=True)
                self._thread.start()
            loop = asyncio.get_running_loop()
            played: asyncio.Future[SpeakerError | None] = loop.create_future()

            def work() -> None:
                outcome: SpeakerError | None = None
                try:
                    self._speaker.play(cue, volume)
                except SpeakerError as error:
                    outcome = error
                except Exception as error:  # noqa: BLE001  # a broken library must not end the thread
                    outcome = SpeakerError(f"{type(error).__name__}: {error}")
                if not loop.is_closed():
                    loop.call_soon_threadsafe(_settle, played, outcome)

            self._orders.put(work)
            error = await played
        if error is not None:
            raise error

    def close(self) -> None:
        """The program ends."""
        if self._thread is not None:
            self._orders.put(None)
            self._thread.join(CLOSING_S)
            self._thread = None

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            order()
        self._speaker.close()


def _settle(played: "asyncio.Future[SpeakerError | None]", outcome: SpeakerError | None) -> None:
    if not played.done():
        played.set_result(outcome)
