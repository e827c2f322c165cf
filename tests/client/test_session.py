"""Sessions that are loaded, renewed and stopped: with a clock that stands still, and against a server that refuses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from moderator.client.errors import Forbidden, GatewayFailed, GatewayUnreachable, SignedOut
from moderator.client.feed_reader import FeedReader
from moderator.client.lifetimes import Granted, Session
from moderator.client.session import SessionManager, SessionStart
from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.tasks import TaskScope
from tests.client.scripted_gateway import problem, scripted, stream
from tests.client.test_feed_reader import Observer, beat, snapshot
from tests.client.token_server import asking
from tests.fakes.clock import FakeClock

MINUTE_MS = 60_000


class Loader:
    """Loads `t1`, `t2` and so on, each for ten minutes, unless told to fail; takes a turn of the loop, or a gate."""

    def __init__(self) -> None:
        self.calls: list[str | None] = []
        self.error: SignedOut | GatewayUnreachable | None = None
        self.gate: asyncio.Event | None = None

    async def load(self, manager: SessionStart, expired: Session | None = None) -> None:
        self.calls.append(expired.token if expired else None)
        name = f"t{len(self.calls)}"
        await (self.gate.wait() if self.gate else asyncio.sleep(0))
        if self.error is not None:
            raise self.error
        manager.start(name, 600)


class Told:
    def __init__(self) -> None:
        self.tokens: list[str | None] = []

    def on_session_changed(self, session: Session | None) -> None:
        self.tokens.append(session.token if session else None)


class Desk:
    """A manager with everything around it."""

    def __init__(self, tasks: TaskScope, jitter: float = 0.0) -> None:
        self.clock, self.loader, self.told, self.tasks = FakeClock(), Loader(), Told(), tasks
        self.manager = SessionManager(tasks, self.clock, self.loader, jitter=lambda: jitter)
        self.manager.add_observer(self.told)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with TaskScope() as tasks:
        yield Desk(tasks)


async def many(call: Callable[[], Awaitable[str]], count: int = 50) -> list[str | BaseException]:
    return await asyncio.gather(*(call() for _ in range(count)), return_exceptions=True)


# --- start, stop, get, observers -----------------------------------------------------------------------------------


async def test_a_session_is_started_got_and_stopped(desk: Desk) -> None:
    manager = desk.manager
    assert (manager.get(), manager.state()) == (None, "none")
    manager.start("mine", 600)
    session = manager.get()
    assert session is not None
    assert (session.token, manager.state(), await manager.token()) == ("mine", "fresh", "mine")
    manager.stop()
    assert (manager.get(), manager.state()) == (None, "none")
    assert desk.told.tokens == ["mine", None]
    assert desk.loader.calls == []


async def test_observers_are_told_of_changes_only_and_hurt_nobody(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def on_session_changed(self, session: Session | None) -> None:
            raise RuntimeError("a window that is gone")

    later, broken = Told(), Broken()
    desk.manager.add_observer(broken)
    desk.manager.add_observer(later)
    desk.manager.start("a", 600)
    desk.manager.start("a", 900)
    assert (desk.told.tokens, later.tokens) == (["a"], ["a"])
    assert [record.getMessage() for record in caplog.records] == ["an observer of the session failed"]
    desk.manager.remove_observer(broken)
    desk.manager.remove_observer(later)
    desk.manager.stop()
    desk.manager.stop()
    assert (desk.told.tokens, later.tokens) == (["a", None], ["a"])


async def test_a_token_is_in_no_text(desk: Desk) -> None:
    desk.manager.start("a-secret-token", 600)
    granted = Granted("a-secret-token", 600, "a-secret-refresh-token")
    assert "secret" not in f"{desk.manager.get()!r} {desk.manager.get()} {granted!r} {granted} {desk.manager!r}"


async def test_a_sign_in_begins_a_session(desk: Desk) -> None:
    async def sign_in() -> Granted:
        return Granted("granted", 600)

    await desk.manager.start_sign_in(sign_in)
    assert desk.told.tokens == ["granted"]


async def test_stop_wins_over_a_late_sign_in(desk: Desk) -> None:
    async def sign_in() -> Granted:
        desk.manager.stop()
        return Granted("too late", 600)

    with pytest.raises(SignedOut):
        await desk.manager.start_sign_in(sign_in)
    assert desk.manager.get() is None


# --- the loader ----------------------------------------------------------------------------------------------------


async def test_the_loader_is_asked_when_a_call_needs_a_session(desk: Desk) -> None:
    assert desk.loader.calls == []
    assert await desk.manager.token() == "t1"
    await desk.clock.advance(10 * MINUTE_MS)
    assert desk.manager.state() == "expired"
    assert await desk.manager.token() == "t2"
    assert desk.loader.calls == [None, "t1"]
    assert desk.told.tokens == ["t1", "t2"]


async def test_many_who_need_a_session_share_one_load(desk: Desk) -> None:
    assert await many(desk.manager.token) == ["t1"] * 50
    assert desk.loader.calls == [None]


async def test_a_first_waiter_that_is_cancelled_does_not_end_the_load(desk: Desk) -> None:
    desk.loader.gate = asyncio.Event()

    async def wait() -> None:
        await desk.manager.token()

    first = desk.tasks.start("first", wait())
    await desk.clock.settle()
    first.cancel()
    await desk.clock.settle()
    assert first.cancelled()
    desk.loader.gate.set()
    assert await many(desk.manager.token) == ["t1"] * 50
    assert desk.loader.calls == [None]


@pytest.mark.parametrize("error", [SignedOut("The sign-in has ended."), GatewayUnreachable("No connection.")])
async def test_a_loader_that_fails_is_called_once_and_all_are_told(
    desk: Desk, error: SignedOut | GatewayUnreachable
) -> None:
    desk.loader.error = error
    assert await many(desk.manager.token) == [error] * 50
    assert desk.loader.calls == [None]


async def test_after_a_failure_the_loader_is_left_alone_for_longer_and_longer(desk: Desk) -> None:
    desk.loader.error = SignedOut("The sign-in has ended.")
    asked_at: list[int] = []
    for second in range(100):
        before = len(desk.loader.calls)
        with pytest.raises(SignedOut):
            await desk.manager.token()
        asked_at += [second] * (len(desk.loader.calls) - before)
        await desk.clock.advance(1000)
    assert asked_at == [0, 1, 3, 7, 15, 31, 61, 91]
    desk.loader.error = None
    await desk.clock.advance(30_000)
    assert await desk.manager.token() == "t9"


@pytest.mark.parametrize("lifetime_s", [0.0, -5.0, -1e300])
async def test_a_session_that_has_ended_when_it_comes_is_a_failed_load(desk: Desk, lifetime_s: float) -> None:
    calls = 0

    class Ended:
        async def load(self, manager: SessionStart, expired: Session | None = None) -> None:
            nonlocal calls
            calls += 1
            manager.start(f"t{calls}", lifetime_s)

    desk.manager.loader = Ended()
    for _ in range(30):
        with pytest.raises(GatewayFailed, match="ended already"):
            await desk.manager.token()
        await desk.clock.advance(1000)
    assert calls == 5, "after 0, 1, 3, 7 and 15 s"
    assert (desk.manager.get(), desk.told.tokens) == (None, [])


async def test_a_very_short_session_is_not_renewed_all_the_time(desk: Desk) -> None:
    calls = 0

    class Short:
        async def load(self, manager: SessionStart, expired: Session | None = None) -> None:
            nonlocal calls
            calls += 1
            manager.start(f"t{calls}", 1e-9)

    desk.manager.loader = Short()
    for _ in range(100):
        await desk.manager.token()
        await desk.clock.advance(100)
    assert calls == 3, "after 0, 4 and 8 s"


async def test_observers_are_told_when_an_expired_session_cannot_be_renewed(desk: Desk) -> None:
    await desk.manager.token()
    desk.loader.error = SignedOut("The sign-in has ended.")
    await desk.clock.advance(10 * MINUTE_MS)
    with pytest.raises(SignedOut):
        await desk.manager.token()
    assert desk.told.tokens == ["t1", None]
    assert desk.manager.get() is None


async def test_a_loader_that_brings_nothing_is_a_failure(desk: Desk) -> None:
    class Idle:
        async def load(self, manager: SessionStart, expired: Session | None = None) -> None:
            return

    desk.manager.loader = Idle()
    with pytest.raises(SignedOut, match="no session"):
        await desk.manager.token()


async def test_a_fault_in_a_loader_is_reported_and_nobody_waits_for_ever() -> None:
    class Faulty:
        async def load(self, manager: SessionStart, expired: Session | None = None) -> None:
            raise RuntimeError("a bug")

    reported: list[str] = []
    async with TaskScope(lambda name, error: reported.append(f"{name}: {error}")) as tasks:
        with pytest.raises(SignedOut):
            await SessionManager(tasks, FakeClock(), Faulty()).token()
        await asyncio.sleep(0)
    assert reported == ["load the session: a bug"]


async def test_without_a_loader_there_is_nothing_to_wait_for(desk: Desk) -> None:
    desk.manager.loader = None
    with pytest.raises(SignedOut, match="sign in"):
        await desk.manager.token()
    desk.manager.start("mine")
    assert await desk.manager.rejected("mine") is False
    with pytest.raises(SignedOut, match="sign in"):
        await desk.manager.token()


@pytest.mark.parametrize("swallows", [False, True])
async def test_stop_during_a_load_leaves_no_session(desk: Desk, swallows: bool) -> None:
    entered, gate = asyncio.Event(), asyncio.Event()

    class Late:
        async def load(self, manager: SessionStart, expired: Session | None = None) -> None:
            entered.set()
            try:
                await gate.wait()
            except asyncio.CancelledError:
                if not swallows:
                    raise
            manager.start("too late", 600)

    desk.manager.loader = Late()
    results: list[str | BaseException] = []

    async def ask() -> None:
        results.extend(await many(desk.manager.token, 3))

    desk.tasks.start("ask", ask())
    await entered.wait()
    desk.manager.loader = None
    desk.manager.stop()
    await desk.clock.settle()
    assert all(isinstance(one, SignedOut) for one in results)
    assert (len(results), desk.manager.get(), desk.told.tokens) == (3, None, [])


async def test_a_session_that_somebody_starts_wins_over_a_load(desk: Desk) -> None:
    desk.loader.gate = asyncio.Event()
    results: list[str | BaseException] = []

    async def ask() -> None:
        results.extend(await many(desk.manager.token, 3))

    desk.tasks.start("ask", ask())
    await desk.clock.settle()
    desk.manager.start("mine", 600)
    desk.loader.gate.set()
    await desk.clock.settle()
    assert (results, desk.told.tokens) == (["mine"] * 3, ["mine"])


# --- ahead of its end ----------------------------------------------------------------------------------------------


async def test_near_its_end_it_is_renewed_while_the_old_one_is_used(desk: Desk) -> None:
    await desk.manager.token()
    await desk.clock.advance(9 * MINUTE_MS - 1)
    assert (await desk.manager.token(), desk.loader.calls) == ("t1", [None])
    await desk.clock.advance(1)
    assert desk.manager.state() == "stale"
    desk.loader.gate = asyncio.Event()
    assert await many(desk.manager.token) == ["t1"] * 50
    await desk.clock.settle()
    assert desk.loader.calls == [None, "t1"]
    desk.loader.gate.set()
    await desk.clock.settle()
    assert await desk.manager.token() == "t2"
    assert desk.told.tokens == ["t1", "t2"]


async def test_a_renewal_that_fails_leaves_the_old_one_until_its_end(desk: Desk) -> None:
    await desk.manager.token()
    desk.loader.error = GatewayUnreachable("No connection.")
    await desk.clock.advance(9 * MINUTE_MS)
    for _ in range(49):
        assert await desk.manager.token() == "t1"
        await desk.clock.advance(1000)
    assert len(desk.loader.calls) == 1 + 6  # after 0, 1, 3, 7, 15 and 31 s
    assert desk.told.tokens == ["t1"]
    desk.loader.error = None
    await desk.clock.advance(20_000)
    assert await desk.manager.token() == "t8"


async def test_what_the_wall_clock_says_does_not_matter(desk: Desk) -> None:
    await desk.manager.token()
    desk.clock.step(365 * 24 * 60 * MINUTE_MS)
    assert desk.manager.state() == "fresh"


# --- what the gateway refuses --------------------------------------------------------------------------------------


async def test_fifty_calls_with_an_expired_token_renew_it_once_and_all_succeed() -> None:
    async with asking() as (server, client, manager):
        manager.start("expired at the gateway")
        assert await asyncio.gather(*(client.time() for _ in range(50))) == [1] * 50
    assert server.loads == 1
    refused = [one for one in server.shown if one == "expired at the gateway"]
    assert 1 <= len(refused) <= 50
    assert len(server.shown) == 50 + len(refused), "who was refused asked once more, and nobody else"


async def test_fifty_calls_without_a_session_load_one() -> None:
    async with asking() as (server, client, _):
        assert await asyncio.gather(*(client.time() for _ in range(50))) == [1] * 50
    assert (server.loads, server.shown) == (1, ["t1"] * 50)


async def test_where_everything_is_refused_there_is_one_reload_and_one_retry() -> None:
    async with asking(accepts=lambda token: 401) as (server, client, manager):
        manager.start("mine")
        with pytest.raises(SignedOut):
            await client.hold()
    assert (server.loads, server.shown) == (1, ["mine", "t1"])


async def test_a_command_that_was_refused_is_carried_out_once_with_the_new_token() -> None:
    async with asking() as (server, client, manager):
        manager.start("expired at the gateway")
        await client.end("clinic", "r", "other")
    assert (server.shown, server.done) == (["expired at the gateway", "t1"], 1)


async def test_no_right_is_no_reason_to_renew() -> None:
    async with asking(accepts=lambda token: 403) as (server, client, manager):
        manager.start("mine")
        with pytest.raises(Forbidden):
            await client.hold()
    assert (server.loads, server.shown) == (0, ["mine"])


async def test_the_feed_comes_back_with_the_new_token() -> None:
    acts = problem(401, "token_expired", "Expired."), stream(snapshot(), beat(10), silent=True)
    async with scripted(*acts) as gateway, HttpClient() as http, TaskScope() as tasks:
        manager, observer = SessionManager(tasks, SystemClock(), Loader()), Observer()
        manager.start("old")
        reader = FeedReader(gateway.url, manager, http, observer, SystemClock())
        tasks.start("reader", reader.run())
        async with asyncio.timeout(20):
            while "live" not in observer.states:
                await asyncio.sleep(0.005)
    assert [request.headers["authorization"] for request in gateway.requests] == ["Bearer old", "Bearer t1"]
    assert observer.states == ["connecting", "live"]
