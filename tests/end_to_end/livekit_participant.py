"""A program: one real participant in a LiveKit room, by LiveKit's own client. JSON lines on stdin tell it what to do,
on stdout it reports. Run as `python -m tests.end_to_end.livekit_participant`; the tests' handle on it is
`livekit_people.LiveKitParticipant`. A process of its own, because the client's threads end only with their process."""

import argparse
import asyncio
import itertools
import json
import logging
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from livekit import rtc
from livekit.rtc.participant import PublishTrackError

WIDTH, HEIGHT = 160, 120
FRAMES_PER_SECOND = 8
SAMPLE_RATE = 16_000
SAMPLES = SAMPLE_RATE // FRAMES_PER_SECOND

_SOURCES = {
    "camera": rtc.TrackSource.SOURCE_CAMERA,
    "microphone": rtc.TrackSource.SOURCE_MICROPHONE,
    "screen": rtc.TrackSource.SOURCE_SCREENSHARE,
}
_NAMES = {number: name for name, number in _SOURCES.items()}

Frames = Callable[[], Coroutine[Any, Any, None]]

log = logging.getLogger("participant")


def report(event: str, **fields: object) -> None:
    print(json.dumps({"event": event, **fields}), flush=True)  # noqa: T201 - stdout is this program's report


class Program:
    """Joins, publishes what it was told to, then carries out the commands one after the other."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._room = rtc.Room()
        self._tasks: set[asyncio.Task[None]] = set()
        self._published: dict[str, rtc.LocalTrackPublication] = {}

    async def run(self) -> None:
        await self._attempt("join", self._join())
        async for line in _lines(sys.stdin):
            command = json.loads(line)
            if command["do"] == "exit":
                break
            await self._attempt(command["do"], self._carry_out(command))
        await self._room.disconnect()
        await self._stop_sending()

    async def _carry_out(self, command: dict[str, Any]) -> None:
        match command["do"]:
            case "publish":
                await self._publish(command["source"])
            case "unpublish":
                publication = self._published.pop(command["source"])
                await self._room.local_participant.unpublish_track(publication.sid)
            case "leave":
                await self._room.disconnect()
                await self._stop_sending()
                report("left")
            case "rejoin":
                await self._stop_sending()
                await self._join()
            case other:
                raise ValueError(f"can't do {other!r}")

    async def _join(self) -> None:
        room = self._room = rtc.Room()
        self._listen(room)
        await room.connect(self._options.url, self._options.token)
        report("joined", sid=room.local_participant.sid)
        for source in filter(None, self._options.publish.split(",")):
            await self._publish(source)

    def _listen(self, room: rtc.Room) -> None:
        room.on("disconnected", lambda reason: report("disconnected", reason=rtc.DisconnectReason.Name(reason)))
        room.on("data_received", lambda packet: report("data", text=packet.data.decode(), topic=packet.topic))
        room.on("track_muted", self._muted)
        room.on("local_track_unpublished", lambda track: report("unpublished", source=_NAMES[track.source]))
        room.on("track_subscribed", self._consume)

    def _muted(self, participant: rtc.Participant, publication: rtc.TrackPublication) -> None:
        if participant.sid == self._room.local_participant.sid:
            report("muted", source=_NAMES[publication.source])

    def _consume(self, track: rtc.RemoteTrack, publication: rtc.TrackPublication, sender: rtc.Participant) -> None:
        """Reports the first frame of what somebody else publishes."""

        async def first_frame() -> None:
            stream: Any = rtc.VideoStream(track) if track.kind == rtc.TrackKind.KIND_VIDEO else rtc.AudioStream(track)
            async for _ in stream:
                report("receiving", **{"from": sender.identity}, source=_NAMES[publication.source])
                break
            await stream.aclose()

        self._spawn(self._attempt("receive", first_frame()))

    async def _publish(self, source: str) -> None:
        name = f"{self._options.identity}'s {source}"
        track, send = _sound(name) if source == "microphone" else _picture(name)
        publication = await self._room.local_participant.publish_track(
            track, rtc.TrackPublishOptions(source=_SOURCES[source], simulcast=False)
        )
        self._published[source] = publication
        self._spawn(send())
        report("published", source=source, sid=publication.sid)

    async def _attempt(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (rtc.ConnectError, PublishTrackError) as error:
            report("error", doing=what, reason=error.message)
        except Exception as error:  # one failed command must not end the participant
            log.exception("failed to %s", what)
            report("error", doing=what, reason=repr(error))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stop_sending(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._published.clear()


def _picture(name: str) -> tuple[rtc.LocalTrack, Frames]:
    """A grey picture that changes a little with every frame."""
    source = rtc.VideoSource(WIDTH, HEIGHT)

    async def send() -> None:
        for number in itertools.count():
            pixels = bytes([number % 256]) * (WIDTH * HEIGHT * 4)
            source.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGBA, pixels))
            await asyncio.sleep(1 / FRAMES_PER_SECOND)

    return rtc.LocalVideoTrack.create_video_track(name, source), send


def _sound(name: str) -> tuple[rtc.LocalTrack, Frames]:
    """Silence."""
    source = rtc.AudioSource(SAMPLE_RATE, 1)
    frame = rtc.AudioFrame(bytes(SAMPLES * 2), SAMPLE_RATE, 1, SAMPLES)

    async def send() -> None:
        while True:
            await source.capture_frame(frame)
            await asyncio.sleep(1 / FRAMES_PER_SECOND)

    return rtc.LocalAudioTrack.create_audio_track(name, source), send


async def _lines(stream: Any) -> Any:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stream)
    async for line in reader:
        yield line


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="the server's WebSocket")
    parser.add_argument("--token", required=True)
    parser.add_argument("--identity", required=True)
    parser.add_argument("--publish", default="", help="what is published at once: camera,microphone,screen")
    return parser.parse_args()


async def _main() -> None:
    await Program(_options()).run()  # made here, since the client looks for the running loop


if __name__ == "__main__":
    asyncio.run(_main())
