"""The reader against gateways that break off, lie and keep silent."""

import asyncio
import errno
from collections.abc import Callable, Sequence

import pytest
from msgspec.structs import replace

from moderator.client import feed_reader
from moderator.client.feed_reader import REFUSED_RETRY_S, FeedReader
from moderator.client.link import Link
from moderator.client.tokens import FixedToken
from moderator.clock import SystemClock
from moderator.domain.events import Event
from moderator.domain.state import State
from moderator.feed.codec import encode_event
from moderator.feed.messages import FoldBase, events_frame, heartbeat_frame, snapshot_frames
from moderator.feed.sse import SseFrame, encode_frame
from moderator.http import HttpClient
from moderator.tasks import TaskScope
from tests.client.scripted_gateway import Act, ScriptedGateway, answer, broken, problem, scripted, silence, stream
from tests.fakes.asked_token import AskedToken
from tests.fakes.builders import DAY, an_entry, folded, joined, the_room


class Enough(Exception):
    """The test has seen what it wanted."""


class Observer:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.frames: list[str] = []
        self.events: list[str] = []

    def link_changed(self, link: Link) -> None:
        self.links.append(link)

    def frame_applied(self, frame: SseFrame, events: Sequence[Event]) -> None:
        self.frames.append(frame.event)
        self.events += [event.kind for event in events]

    @property
    def states(self) -> list[str]:
        return [link.state for link in self.links]


class Run(SystemClock):
    """One run of a reader, up to the given number of pauses between connections, which take no time."""

    def __init__(self, connections: int, token: Callable[[], str] = lambda: "the-token") -> None:
        self.observer = Observer()
        self.pauses: list[float] = []
        self._connections = connections
        self._token = token
        self.reader: FeedReader

    async def against(self, *acts: Act) -> ScriptedGateway:
        async with scripted(*acts) as gateway, HttpClient() as http:
            self.reader = FeedReader(
                gateway.url, AskedToken(self._token), http, self.observer, self, jitter=lambda: 1.0
            )
            with pytest.raises(Enough):
                await self.reader.run()
        return gateway

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        self.pauses.append(timeout_s)
        if len(self.pauses) == self._connections:
            raise Enough
        return False


def snapshot(state: State | None = None, seq: int = 10) -> bytes:
    known = state or State()
    rooms = [(room, known.rooms[key]) for key in known.rooms if (room := known.room(key)) is not None]
    return b"".join(snapshot_frames("log", seq, DAY, rooms, [], FoldBase()))


def news(after: int, seq: int, *events: Event) -> bytes:
    return events_frame("log", after, seq, DAY, [encode_event(event) for event in events])


def beat(seq: int, after: int | None = None) -> bytes:
    return heartbeat_frame("log", seq if after is None else after, seq, DAY, [])


def positions(gateway: ScriptedGateway) -> list[str | None]:
    return [request.headers.get("last-event-id") for request in gateway.requests]


async def test_it_reads_and_tells() -> None:
    run = Run(1)
    gateway = await run.against(stream(snapshot(), news(10, 11, joined("p", DAY)), beat(11)))
    assert run.observer.frames == ["snapshot", "events", "heartbeat"]
    assert run.observer.events == ["participant_joined"]
    assert run.observer.states == ["connecting", "live", "reconnecting"]
    assert all(gateway.url.removeprefix("http://") in link.sentence for link in run.observer.links)
    (request,) = gateway.requests
    assert (request.method, request.path) == ("GET", "/v1/feed")
    assert request.headers["authorization"] == "Bearer the-token"
    assert request.headers["accept-encoding"] == "identity"


async def test_frames_may_be_cut_anywhere() -> None:
    sent = snapshot() + news(10, 11, joined("p", DAY)) + beat(11)
    run = Run(1)
    await run.against(stream(*(sent[at : at + 7] for at in range(0, len(sent), 7))))
    assert run.observer.frames == ["snapshot", "events", "heartbeat"]


async def test_after_a_break_it_goes_on_where_it_was() -> None:
    run = Run(3)
    gateway = await run.against(
        stream(snapshot(folded(an_entry(joined("p", DAY))))),
        stream(news(10, 12, replace(joined("q", DAY), recorded_at=DAY))),
        stream(beat(12)),
    )
    assert positions(gateway) == [None, "log-10", "log-12"]
    assert run.observer.states == ["connecting", "live", "reconnecting", "live", "reconnecting", "live", "reconnecting"]
    assert the_room(run.reader.session.state).people == 2


async def test_half_a_snapshot_leaves_the_old_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = snapshot(folded(an_entry(joined("p", DAY))))
    monkeypatch.setattr("moderator.feed.messages.ROOMS_PER_PAGE", 1)
    both = folded(an_entry(joined("p", DAY)))
    for room in ("room-2", "room-3"):
        both.rooms[both.rooms[next(iter(both.rooms))].key._replace(room=room)] = both.rooms[next(iter(both.rooms))]  # type: ignore[arg-type]
    half = snapshot(both, 50).split(b"\n\n")[0] + b"\n\n"
    run = Run(2)
    await run.against(stream(whole), stream(half))
    assert run.reader.session.cursor == "log-10"
    assert the_room(run.reader.session.state).people == 1


async def test_pauses_grow_while_nothing_works_and_begin_anew_when_it_does() -> None:
    run = Run(7)
    works = stream(snapshot(), beat(10))
    await run.against(broken(), answer(502), broken(), works, broken(), answer(500), broken())
    assert run.pauses == [0.5, 1.0, 2.0, 0.5, 1.0, 2.0, 4.0]
    assert run.observer.states[:2] == ["connecting", "connecting"]


async def test_a_gateway_that_breaks_off_after_every_snapshot_is_asked_less_and_less() -> None:
    run = Run(4)
    await run.against(stream(snapshot()))
    assert run.pauses == [0.5, 1.0, 2.0, 4.0]


@pytest.mark.parametrize("act", [stream(snapshot(), silent=True), silence])
async def test_silence_is_a_dead_connection(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    assert feed_reader.DEAD_AFTER_S == 6.0
    monkeypatch.setattr(feed_reader, "DEAD_AFTER_S", 0.1)
    run = Run(1)
    await run.against(act)
    assert "did not answer in time" in run.observer.links[-1].sentence


@pytest.mark.parametrize(("status", "state"), [(401, "signed_out"), (403, "forbidden")])
async def test_a_refused_token_is_not_tried_again_soon(status: int, state: str) -> None:
    run = Run(3)
    await run.against(problem(status, "bad_token", "Get a new token."))
    assert run.pauses == [REFUSED_RETRY_S] * 3
    assert run.observer.links[1:] == [Link(state, "Get a new token.")]  # type: ignore[arg-type]


async def test_a_renewed_token_is_used() -> None:
    tokens = iter(["old", "old", "new"])
    run = Run(2, lambda: next(tokens))
    gateway = await run.against(problem(401, "token_expired", "Expired."), stream(snapshot(), beat(10)))
    assert [request.headers["authorization"] for request in gateway.requests] == ["Bearer old", "Bearer new"]
    assert run.observer.states == ["connecting", "signed_out", "live", "reconnecting"]


async def test_a_token_that_was_renewed_already_is_used_at_once() -> None:
    tokens = iter(["old", "new", "new"])
    run = Run(1, lambda: next(tokens))
    gateway = await run.against(problem(401, "token_expired", "Expired."), stream(snapshot(), beat(10)))
    assert [request.headers["authorization"] for request in gateway.requests] == ["Bearer old", "Bearer new"]
    assert run.observer.states == ["connecting", "live", "reconnecting"]


async def test_a_gap_goes_back_to_the_last_good_frame() -> None:
    run = Run(2)
    gateway = await run.against(
        stream(snapshot(), beat(10), news(11, 12, joined("p", DAY))), stream(news(10, 12, joined("p", DAY)))
    )
    assert positions(gateway) == [None, "log-10"]
    assert run.observer.events == ["participant_joined"]


@pytest.mark.parametrize(
    "lie",
    [
        encode_frame("events", b'{"after":10', "log-11"),
        encode_frame("heartbeat", b'{"seq":"many"}', "log-11"),
        encode_frame("events", b'{"after":10,"seq":11,"now":1,"events":[{"kind":5}]}', "log-11"),
        encode_frame("heartbeat", b'{"a":' + b"[" * 100_000, "log-11"),
        news(10, 11, joined("p", DAY)).replace(b'{"participant":"p"}', b"[" * 100_000 + b"]" * 100_000),
    ],
)
async def test_what_makes_no_sense_leads_to_a_new_snapshot(lie: bytes) -> None:
    run = Run(2)
    gateway = await run.against(
        stream(snapshot(), beat(10), lie), stream(snapshot(folded(an_entry(joined("p", DAY))), 20))
    )
    assert positions(gateway) == [None, None]
    assert run.reader.session.cursor == "log-20"
    assert the_room(run.reader.session.state).people == 1
    assert "makes no sense" in run.observer.links[2].sentence


async def test_a_stream_without_end_of_frame_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderator.feed.sse.MAX_FRAME_BYTES", 1000)
    run = Run(1)
    await run.against(stream(b"data: ", b"x" * 2000))
    assert "makes no sense" in run.observer.links[-1].sentence


async def test_something_else_that_answers_is_not_live() -> None:
    run = Run(1)
    await run.against(stream(b"<html><body>Sign in to the airport</body></html>"))
    assert run.observer.states == ["connecting", "connecting"]


async def test_frames_of_tomorrow_are_handed_on() -> None:
    run = Run(1)
    await run.against(stream(snapshot(), encode_frame("weather", b"{}"), beat(10)))
    assert run.observer.frames == ["snapshot", "weather", "heartbeat"]


async def test_a_long_refusal_is_not_read_to_its_end() -> None:
    run = Run(1)
    await run.against(answer(500, raw=b"x" * 3_000_000))
    assert "status 500" in run.observer.links[-1].sentence


async def test_an_observer_that_cannot_write_any_more_ends_the_reader() -> None:
    class Refusing(Observer):
        def frame_applied(self, frame: SseFrame, events: Sequence[Event]) -> None:
            raise BrokenPipeError

    async with scripted(stream(snapshot(), silent=True)) as gateway, HttpClient() as http:
        with pytest.raises(BrokenPipeError):
            await FeedReader(gateway.url, FixedToken("t"), http, Refusing(), SystemClock()).run()


async def test_a_fault_over_one_frame_does_not_end_the_reader(caplog: pytest.LogCaptureFixture) -> None:
    class Stumbling(Observer):
        def frame_applied(self, frame: SseFrame, events: Sequence[Event]) -> None:
            if events:
                raise ValueError("of what stands in the frame")
            super().frame_applied(frame, events)

    run = Run(2)
    run.observer = Stumbling()
    gateway = await run.against(stream(snapshot(), news(10, 11, joined("p", DAY))), stream(snapshot(), beat(10)))
    assert positions(gateway) == [None, None]
    assert run.observer.frames == ["snapshot", "snapshot", "heartbeat"]
    assert "makes no sense: ValueError" in run.observer.links[2].sentence
    assert "ValueError: of what stands in the frame" in caplog.text


async def test_somebody_may_cut_the_pause_short() -> None:
    async with scripted(problem(401, "token_expired", "Expired."), stream(snapshot(), silent=True)) as gateway:
        observer = Observer()
        async with HttpClient() as http, TaskScope() as tasks:
            reader = FeedReader(gateway.url, FixedToken("t"), http, observer, SystemClock())
            tasks.start("reader", reader.run())
            while "live" not in observer.states:
                await asyncio.sleep(0.01)
                reader.retry()
    assert observer.states == ["connecting", "signed_out", "live"]


async def test_it_ends_when_cancelled() -> None:
    async with scripted(stream(snapshot(), silent=True)) as gateway, HttpClient() as http:
        observer = Observer()
        async with TaskScope() as tasks:
            reader = FeedReader(gateway.url, FixedToken("t"), http, observer, SystemClock())
            running = tasks.start("reader", reader.run())
            while "live" not in observer.states:
                await asyncio.sleep(0.01)
            running.cancel()
        assert observer.states == ["connecting", "live"]


def test_credentials_in_an_address_are_not_told() -> None:
    link = FeedReader("https://me:secret@example.org/x", FixedToken("t"), None, Observer(), SystemClock()).link  # type: ignore[arg-type]
    assert link == Link("connecting", "connecting to example.org")


# --- gateways of other versions, and what is no gateway ------------------------------------------------------------


def of_version(version: int) -> bytes:
    event = encode_event(joined("p", DAY)).replace(b'"v":1', b'"v":%d' % version)
    return events_frame("log", 10, 11, DAY, [event])


async def test_what_cannot_be_read_is_asked_for_less_and_less() -> None:
    lie = encode_frame("heartbeat", b'{"seq":"many"}', "log-11")
    run = Run(6)
    await run.against(stream(snapshot(), beat(10), lie))
    assert run.pauses == [0.5, 5.0, 10.0, 20.0, 40.0, 60.0]
    last = run.observer.links[-1]
    assert (last.fault, last.state) == ("unreadable", "reconnecting")
    assert "the gateway or this program has to be updated" in last.sentence


async def test_a_newer_form_of_events_asks_for_an_update() -> None:
    run = Run(2)
    gateway = await run.against(stream(snapshot(), of_version(2)))
    last = run.observer.links[-1]
    assert last.fault == "unreadable"
    assert "speaks version 2 of the feed, which this program does not know: update it" in last.sentence
    assert (run.observer.events, run.pauses) == ([], [0.5, 5.0])
    assert positions(gateway) == [None, None]


async def test_kinds_and_members_of_tomorrow_stop_nothing() -> None:
    tomorrow = encode_event(joined("p", DAY)).replace(b'"participant_joined"', b'"participant_waved"')
    more = encode_event(joined("q", DAY)).replace(b'"late":false', b'"late":false,"mood":{"is":"fine"}')
    run = Run(1)
    await run.against(stream(snapshot(), events_frame("log", 10, 11, DAY, [tomorrow, more]), beat(11)))
    assert run.observer.events == ["participant_waved", "participant_joined"]
    assert "live" in run.observer.states


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (stream(b"<!DOCTYPE html><title>Airport</title>"), "it is a web page. In a guest network"),
        (answer(404, raw=b"<html>nothing here</html>"), "something else than a gateway answers"),
        (answer(302, raw=b""), "this address leads elsewhere (status 302)"),
        (answer(511, raw=b"<html>"), "this network wants you to sign in first"),
        (answer(502, raw=b"<html>"), "does not reach it (status 502): is the gateway running?"),
        (problem(404, "not_found", "No such route."), "No such route."),
    ],
)
async def test_what_answers_in_the_gateway_s_place_is_told_apart(act: Act, said: str) -> None:
    run = Run(3)
    await run.against(act)
    assert said in run.observer.links[-1].sentence
    assert run.pauses == [0.5, 1.0, 2.0]


async def test_a_server_of_the_old_kind_does_too() -> None:
    async def http_1_0(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + snapshot() + beat(10))
        await writer.drain()

    run = Run(1)
    await run.against(http_1_0)
    assert run.observer.states == ["connecting", "live", "reconnecting"]


async def test_how_often_it_was_tried_and_when_it_is_again() -> None:
    run = Run(3)
    before_s = run.monotonic()
    await run.against(stream(snapshot(), beat(10)), broken(), broken())
    lost = [link for link in run.observer.links if link.state == "reconnecting"]
    assert [link.attempts for link in lost] == [1, 2, 3]
    assert all(link.retry_at_s is not None and link.retry_at_s > before_s for link in lost)


async def test_a_network_that_is_away_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_network(*_: object, **__: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr("anyio.connect_tcp", no_network)
    run = Run(1)
    await run.against(silence)
    assert run.observer.links[-1].fault == "offline"
    assert "this computer has no network" in run.observer.links[-1].sentence
