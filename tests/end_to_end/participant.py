"""A program: one real WebRTC participant in a VideoRoom. JSON lines on stdin tell it what to do, on stdout it reports.
Run as `python -m tests.end_to_end.participant`; the tests' handle on it is `participants.Participant`."""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from aiortc.stats import RTCInboundRtpStreamStats

from tests.end_to_end.janus_socket import JanusError, JanusSocket, Message
from tests.end_to_end.synthetic_media import Picture, microphone

REPORT_SECONDS = 0.5

log = logging.getLogger("participant")


def report(event: str, **fields: object) -> None:
    print(json.dumps({"event": event, **fields}), flush=True)  # noqa: T201 - stdout is this program's report


class Connection:
    """One PeerConnection on one Janus handle."""

    def __init__(self, socket: JanusSocket, purpose: str) -> None:
        self.socket = socket
        self.handle = 0
        self.peer = RTCPeerConnection()
        self.negotiating = asyncio.Lock()
        self.peer.on("connectionstatechange", self._report_state)
        self._purpose = purpose

    def _report_state(self) -> None:
        if self.peer.connectionState in ("connected", "closed", "failed"):
            report(self.peer.connectionState, connection=self._purpose)

    async def close(self) -> None:
        with suppress(JanusError, OSError, TimeoutError):
            await self.socket.detach(self.handle)
        await self.peer.close()


class Publisher(Connection):
    """The participant's own presence in the room, and what it sends."""

    def __init__(self, socket: JanusSocket) -> None:
        super().__init__(socket, "publisher")
        self._screen = Picture()

    async def publish(self) -> None:
        async with self.negotiating:
            self.peer.addTransceiver(microphone(), direction="sendonly")
            self.peer.addTransceiver(Picture(), direction="sendonly")
            await self._negotiate("publish", ["microphone", "camera"])

    async def publish_screen(self) -> None:
        async with self.negotiating:
            shared = [sender for sender in self.peer.getTransceivers() if sender.sender.track is self._screen]
            self._screen.resume()
            if shared:
                shared[0].direction = "sendonly"
            else:
                self.peer.addTransceiver(self._screen, direction="sendonly")
            await self._negotiate("configure", ["microphone", "camera", "screen"])

    async def stop_screen(self) -> None:
        async with self.negotiating:
            for transceiver in self.peer.getTransceivers():
                if transceiver.sender.track is self._screen:
                    transceiver.direction = "inactive"
            self._screen.pause()
            await self._negotiate("configure", ["microphone", "camera"])

    async def _negotiate(self, request: str, names: list[str]) -> None:
        offer = await self.peer.createOffer()
        await self.peer.setLocalDescription(offer)
        mids = [transceiver.mid for transceiver in self.peer.getTransceivers()]
        descriptions = [{"mid": mid, "description": name} for mid, name in zip(mids, names, strict=False)]
        body = {"request": request, "descriptions": descriptions}
        answer = await self.socket.message(self.handle, body, _jsep(self.peer))
        await self.peer.setRemoteDescription(_description(answer["jsep"]))


class Subscription(Connection):
    """What one other publisher sends. One handle each: no media line is ever reused for somebody else."""

    def __init__(self, socket: JanusSocket, feed: str | int, spawn: Callable[[Any], None]) -> None:
        super().__init__(socket, f"subscription to {feed}")
        self.feed = feed
        self._spawn = spawn
        self._mids: set[str] = set()  # of the publisher's streams
        self._active: dict[str, str] = {}  # description of what arrives, by this connection's own mid
        self._unseen: set[str] = set()
        self.peer.on("track", lambda track: spawn(self._consume(track)))

    async def open(self, room: str | int, private_id: int, opaque_id: str, mids: set[str]) -> None:
        async with self.negotiating:
            self._mids = mids
            self.handle = await self.socket.attach(opaque_id, self._on_event)
            streams = [{"feed": self.feed, "mid": mid} for mid in sorted(mids)]
            body = {
                "request": "join",
                "ptype": "subscriber",
                "room": room,
                "streams": streams,
                "private_id": private_id,
            }
            await self._accept(await self.socket.message(self.handle, body))

    async def follow(self, mids: set[str]) -> None:
        """Subscribes to streams that came later; one that went has to be asked for again when it is back."""
        async with self.negotiating:
            new = mids - self._mids
            self._mids = mids
            if new:
                streams = [{"feed": self.feed, "mid": mid} for mid in sorted(new)]
                await self._accept(await self.socket.message(self.handle, {"request": "subscribe", "streams": streams}))

    def _on_event(self, message: Message) -> None:
        if "jsep" in message:
            data = message.get("plugindata", {}).get("data", {})
            self._spawn(self._accept_later({**data, "jsep": message["jsep"]}))

    async def _accept_later(self, offer: Message) -> None:
        async with self.negotiating:
            await self._accept(offer)

    async def _accept(self, offer: Message) -> None:
        active = {
            stream["mid"]: stream.get("feed_description", "") for stream in offer.get("streams", []) if stream["active"]
        }
        self._unseen |= active.keys() - self._active.keys()
        self._active = active
        if "jsep" not in offer:
            return
        await self.peer.setRemoteDescription(_description(offer["jsep"]))
        answer = await self.peer.createAnswer()
        await self.peer.setLocalDescription(answer)
        await self.socket.message(self.handle, {"request": "start"}, _jsep(self.peer))

    async def _consume(self, track: MediaStreamTrack) -> None:
        """Takes the frames, or they would pile up; says when the first of a stream came."""
        with suppress(MediaStreamError):
            while True:
                await track.recv()
                mid = next((each.mid for each in self.peer.getTransceivers() if each.receiver.track is track), "")
                if mid in self._unseen:
                    self._unseen.remove(mid)
                    report("receiving", **{"from": self.feed}, kind=track.kind, description=self._active.get(mid, ""))


class Presence:
    """One stay in the room: a session of its own, the publisher and the subscriptions."""

    def __init__(self, options: argparse.Namespace, spawn: Callable[[Any], None], user: str | int, token: str) -> None:
        self._options = options
        self._spawn = spawn
        self._user = user
        self._token = token
        self._private_id = 0
        self._subscriptions: dict[str | int, Subscription] = {}
        self._socket: JanusSocket | None = None
        self._closing = asyncio.Lock()
        self.publisher: Publisher | None = None

    @property
    def connections(self) -> list[Connection]:
        publisher = [self.publisher] if self.publisher else []
        return [*publisher, *self._subscriptions.values()]

    async def join(self) -> None:
        options = self._options
        self._socket = await JanusSocket.open(
            options.url, options.api_secret, keepalive=options.keepalive, on_closed=lambda: report("disconnected")
        )
        publisher = self.publisher = Publisher(self._socket)
        publisher.handle = await self._socket.attach(f"user-{self._user}", self._on_event)
        body = {
            "request": "join",
            "ptype": "publisher",
            "room": options.room,
            "id": self._user,
            "display": options.display,
        }
        if self._token:
            body["token"] = self._token
        joined = await self._socket.message(publisher.handle, body)
        self._private_id = joined["private_id"]
        report("joined", id=joined["id"], room=joined["room"], session=self._socket.session, handle=publisher.handle)
        self._watch(joined["publishers"])
        if not options.watch_only:
            await publisher.publish()
            report("published")

    async def leave(self) -> None:
        if self._socket and self.publisher:
            await self._socket.message(self.publisher.handle, {"request": "leave"})
            report("left")
        await self.close()

    async def close(self) -> None:
        """Whoever is told to come back while it is kicked waits for the first to be done: nobody answers after it."""
        async with self._closing:
            connections = self.connections
            self._subscriptions.clear()
            self.publisher = None
            await asyncio.gather(*(connection.close() for connection in connections), return_exceptions=True)
            if self._socket:
                await self._socket.close()
                self._socket = None

    def _on_event(self, message: Message) -> None:
        data = message.get("plugindata", {}).get("data", {})
        if data.get("leaving") == "ok" and data.get("reason") == "kicked":
            self._on_kicked()
        elif data.get("videoroom") == "destroyed":
            report("destroyed")
        elif "moderation" in data and data.get("id", self._user) == self._user:
            report("moderated", mid=data.get("mid"), moderation=data["moderation"])
        elif "publishers" in data:
            self._watch(data["publishers"])
        else:
            self._forget(data.get("unpublished") or data.get("leaving") or data.get("kicked"))
        if message["janus"] == "hangup":
            report("hangup", reason=message.get("reason"))

    def _on_kicked(self) -> None:
        report("kicked")
        # A stubborn client does not tidy up: it keeps every handle and takes what Janus still sends.
        if not self._options.stubborn:
            self._spawn(self.close())

    def _watch(self, publishers: list[Message]) -> None:
        for publisher in publishers:
            mids = {stream["mid"] for stream in publisher.get("streams", []) if not stream.get("disabled")}
            if mids:
                self._spawn(self._subscribe(publisher["id"], mids))

    async def _subscribe(self, feed: str | int, mids: set[str]) -> None:
        known = self._subscriptions.get(feed)
        if known:
            await known.follow(mids)
        elif self._socket:
            subscription = self._subscriptions[feed] = Subscription(self._socket, feed, self._spawn)
            await subscription.open(self._options.room, self._private_id, f"user-{self._user}", mids)

    def _forget(self, feed: str | int | None) -> None:
        subscription = self._subscriptions.pop(feed, None) if feed is not None else None
        if subscription:
            report("gone", **{"from": feed})
            self._spawn(subscription.close())


class Program:
    """Carries out the commands, one after the other, and counts what arrives."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._tasks: set[asyncio.Task[None]] = set()
        self._presences: list[Presence] = []  # a stubborn client that rejoins keeps the earlier ones
        self._packets: dict[tuple[str, int], int] = {}

    async def run(self) -> None:
        self._spawn(self._count())
        await self._attempt("join", self._join({}))
        async for line in _lines(sys.stdin):
            command: Message = json.loads(line)
            if command["do"] == "exit":
                break
            await self._attempt(command["do"], self._carry_out(command))
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(presence.close() for presence in self._presences)), 3)

    async def _carry_out(self, command: Message) -> None:
        presence = self._presences[-1]
        match command["do"]:
            case "publish_screen" if presence.publisher:
                await presence.publisher.publish_screen()
                report("screen_published")
            case "stop_screen" if presence.publisher:
                await presence.publisher.stop_screen()
                report("screen_stopped")
            case "leave":
                await presence.leave()
            case "rejoin":
                await self._rejoin(command)
            case other:
                raise ValueError(f"can't do {other!r} now")

    async def _rejoin(self, command: Message) -> None:
        if not self._options.stubborn:
            await self._presences.pop().close()
        await self._join(command)

    async def _join(self, command: Message) -> None:
        user, token = command.get("id", self._options.id), command.get("token", self._options.token)
        presence = Presence(self._options, self._spawn, user, token)
        self._presences.append(presence)
        await presence.join()

    async def _attempt(self, what: str, work: Any) -> None:
        try:
            await work
        except JanusError as error:
            report("error", doing=what, code=error.code, reason=error.reason)
        except Exception as error:  # one failed command must not end the participant
            log.exception("failed to %s", what)
            report("error", doing=what, code=None, reason=repr(error))

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(self._attempt(getattr(work, "__name__", "work").strip("_"), work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _count(self) -> None:
        while True:
            for presence in self._presences:
                for connection in presence.connections:
                    await self._add_up(connection.peer)
            report("rtp", packets=sum(self._packets.values()))
            await asyncio.sleep(REPORT_SECONDS)

    async def _add_up(self, peer: RTCPeerConnection) -> None:
        """Kept per source, so that the sum never falls when a connection goes."""
        for stats in (await peer.getStats()).values():
            if isinstance(stats, RTCInboundRtpStreamStats):
                self._packets[stats.id, stats.ssrc] = stats.packetsReceived


async def _lines(stream: Any) -> Any:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stream)
    async for line in reader:
        yield line


def _jsep(peer: RTCPeerConnection) -> Message:
    return {"type": peer.localDescription.type, "sdp": peer.localDescription.sdp, "trickle": False}


def _description(jsep: Message) -> RTCSessionDescription:
    kind: Literal["offer", "answer"] = jsep["type"]
    return RTCSessionDescription(sdp=jsep["sdp"], type=kind)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="the Janus API's WebSocket")
    parser.add_argument("--api-secret", required=True)
    parser.add_argument("--room", required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--display", default="")
    parser.add_argument("--token", default="", help="of the room's allow list")
    parser.add_argument("--keepalive", type=float, default=10, help="seconds")
    parser.add_argument("--integer-ids", action="store_true", help="room and id are numbers")
    parser.add_argument("--watch-only", action="store_true", help="publishes nothing")
    parser.add_argument("--stubborn", action="store_true", help="when kicked, closes nothing by itself")
    options = parser.parse_args()
    if options.integer_ids:
        options.room, options.id = int(options.room), int(options.id)
    return options


if __name__ == "__main__":
    asyncio.run(Program(_options()).run())
