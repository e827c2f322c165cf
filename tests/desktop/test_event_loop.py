"""Qt and asyncio on one loop. The tests themselves run on it; what ends a run happens in processes of its own."""

import asyncio
import contextlib
import gc
import subprocess
import sys
import textwrap
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from moderator.desktop.event_loop import QtEventLoop
from moderator.desktop.unexpected import UnexpectedErrors
from moderator.feed.sse import SseDecoder, SseFrame
from moderator.http import HttpClient, Unreachable
from moderator.tasks import TaskScope
from tests.client.scripted_gateway import broken, scripted
from tests.fakes.gateway import GatewayServed, bearer


async def counting(closed: list[str]) -> AsyncGenerator[int]:
    try:
        for number in range(1000):
            await asyncio.sleep(0)
            yield number
    finally:
        await asyncio.sleep(0)
        closed.append("closed")


async def until(list_: list[str]) -> None:
    async with asyncio.timeout(20):
        while not list_:
            gc.collect()
            await asyncio.sleep(0.001)


async def test_this_runs_on_qts_loop(qapp: QApplication) -> None:
    assert isinstance(asyncio.get_running_loop(), QtEventLoop)


async def test_an_abandoned_generator_is_closed() -> None:
    closed: list[str] = []
    async for number in counting(closed):
        if number == 3:
            break
    await until(closed)
    assert closed == ["closed"]


async def test_a_generator_of_a_cancelled_task_is_closed() -> None:
    closed: list[str] = []

    async def read() -> None:
        async for _ in counting(closed):
            pass

    async with TaskScope() as tasks:
        tasks.start("reader", read())
        await asyncio.sleep(0.01)
    await until(closed)
    assert closed == ["closed"]


async def frames(chunks: AsyncIterator[bytes]) -> AsyncGenerator[SseFrame]:
    decoder = SseDecoder()
    async for chunk in chunks:
        for frame in decoder.feed(chunk):
            yield frame


@contextlib.asynccontextmanager
async def feed(gateway: GatewayServed, http: HttpClient) -> AsyncIterator[AsyncGenerator[SseFrame]]:
    url = f"http://127.0.0.1:{gateway.address[1]}/v1/feed"
    async with http.stream(url, headers={"Authorization": bearer()}, idle_timeout_s=10) as (status, chunks):
        assert status == 200
        yield frames(chunks)


async def test_a_real_feed_is_read_and_broken_off(tmp_path: Path) -> None:
    async with GatewayServed(tmp_path) as gateway, HttpClient() as http:
        for _ in range(3):
            async with feed(gateway, http) as stream:
                first = await anext(stream)
            assert (first.event, bool(first.data)) == ("snapshot", True)
    gc.collect()


async def test_a_task_that_reads_a_feed_can_be_cancelled(tmp_path: Path) -> None:
    seen: list[str] = []

    async def read() -> None:
        async with feed(gateway, http) as stream:
            async for frame in stream:
                seen.append(frame.event)

    async with GatewayServed(tmp_path) as gateway, HttpClient() as http, TaskScope() as tasks:
        task = tasks.start("reader", read())
        await until(seen)
        await tasks.cancel()
        assert task.cancelled()
    gc.collect()


async def test_a_connection_that_breaks_is_an_error_of_ours() -> None:
    async with scripted(broken()) as gateway, HttpClient() as http:
        with pytest.raises(Unreachable):
            await http.request("GET", gateway.url)


async def test_a_callback_that_fails_is_reported_and_the_loop_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    errors = UnexpectedErrors()
    errors.told.connect(told.append)
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler() if hasattr(loop, "get_exception_handler") else None
    errors.install_on(loop)
    try:
        loop.call_soon(lambda: 1 / 0)
        await until(told)
    finally:
        loop.set_exception_handler(before)
    assert told == ["Something went wrong in a task: ZeroDivisionError. The log has the details."]
    assert "ZeroDivisionError" in caplog.text


async def test_threads_call_back() -> None:
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    assert await asyncio.to_thread(lambda: 7) == 7
    await asyncio.to_thread(loop.call_soon_threadsafe, done.set)
    async with asyncio.timeout(20):
        await done.wait()


# --- whole runs, in processes of their own -------------------------------------------------------------------------

RUN = """
import asyncio, sys
from moderator.desktop.application import Application
from moderator.desktop.event_loop import run
application = Application()
"""


def program(code: str) -> "subprocess.CompletedProcess[str]":
    source = RUN + textwrap.dedent(code)
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", source]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_run_ends_with_the_status_of_its_main_coroutine() -> None:
    ended = program("""
        async def main() -> int:
            await asyncio.sleep(0.01)
            return 7
        sys.exit(run(application, main()))
    """)
    assert (ended.returncode, ended.stdout, ended.stderr) == (7, "", "")


def test_one_run_after_the_other() -> None:
    ended = program("""
        async def main(number: int) -> int:
            await asyncio.to_thread(int)
            await asyncio.sleep(0)
            return number
        print([run(application, main(number)) for number in range(5)])
    """)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "[0, 1, 2, 3, 4]\n", "")


def test_an_error_of_the_main_coroutine_ends_the_run() -> None:
    ended = program("""
        async def main() -> int:
            await asyncio.sleep(0)
            raise LookupError("nothing here")
        run(application, main())
    """)
    assert ended.returncode == 1
    assert "LookupError: nothing here" in ended.stderr


def test_tasks_that_outlive_the_main_coroutine_never_step_without_a_loop() -> None:
    ended = program("""
        async def busy() -> None:
            try:
                while True:
                    asyncio.get_running_loop()
                    await asyncio.sleep(0)
            except asyncio.CancelledError:
                print("cancelled")

        async def main() -> int:
            global tasks
            tasks = [asyncio.get_running_loop().create_task(busy()) for _ in range(20)]
            await asyncio.sleep(0.01)
            return 0
        sys.exit(run(application, main()))
    """)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "cancelled\n" * 20, "")


def test_a_wish_to_quit_is_told_and_ends_nothing() -> None:
    ended = program("""
        async def main() -> int:
            wanted = asyncio.Event()
            application.quit_wanted.connect(wanted.set)
            application.quit()
            await asyncio.wait_for(wanted.wait(), 10)
            await asyncio.sleep(0.05)
            print("still here")
            return 3
        sys.exit(run(application, main()))
    """)
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "still here\n", "")


def test_what_a_run_leaves_behind_is_closed_with_it() -> None:
    ended = program("""
        async def stream():
            try:
                while True:
                    yield 1
            finally:
                await asyncio.sleep(0)
                print("stream closed")

        async def forever():
            try:
                await asyncio.sleep(60)
            finally:
                print("task ended")

        async def main() -> int:
            global kept, task
            kept = stream()
            await anext(kept)
            task = asyncio.get_running_loop().create_task(forever())
            await asyncio.sleep(0)
            return 0
        sys.exit(run(application, main()))
    """)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert sorted(ended.stdout.split("\n")) == ["", "stream closed", "task ended"]
