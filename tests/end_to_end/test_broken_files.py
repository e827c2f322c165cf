"""A real gateway process on a file that it cannot use, and on a disk that is full: what it says, and what stays."""

import asyncio
import os
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from moderator.clock import SystemClock
from moderator.domain.events import Event
from moderator.journal.sqlite import SqliteLog
from moderator.journal.sqlite_tables import FORMAT
from tests.end_to_end.gateway_process import GatewayProcess
from tests.end_to_end.kill_findings import read_log
from tests.end_to_end.kill_gateway import ROOT
from tests.fakes.builders import joined
from tests.fakes.full_disk import full_disk
from tests.fakes.provider import SECRET, a_webhook, install
from tests.journal.reading import append_many

PAGE = 4096
SIGNED = {"Authorization": f"Bearer {SECRET}"}
SOURCE = f'provider = "fake"\nwebhook_secret = "{SECRET}"\nreconcile = "1h"\n'


def spoil_start(path: Path) -> None:
    path.write_bytes(b"dear diary, " + path.read_bytes()[12:])


def spoil_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-PAGE:] = content[-2 * PAGE : -PAGE] = os.urandom(PAGE)
    path.write_bytes(content)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("UPDATE meta SET value = ? WHERE name = 'format'", (FORMAT + 1,))


FAULTS = [
    (spoil_start, "it is no log: name another file, or move this one away"),
    (spoil_page, "restore it from a backup"),
    (cut, "it is damaged: keep a copy, and restore it from a backup"),
    (make_newer, "was written by a newer version (format"),
]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What goes on Python's path, so that there is a platform for tests."""
    return os.pathsep.join([str(install(tmp_path_factory.mktemp("platform"))), str(ROOT)])


@pytest.fixture
async def log(tmp_path: Path) -> Path:
    path = tmp_path / "moderator.db"
    opened = await SqliteLog.open(path)
    await append_many(opened, range(200))
    await opened.aclose()
    return path


async def refusal(folder: Path, platform: str) -> tuple[int | None, str]:
    """How a gateway ends that is to use the log in this folder, and what it says."""
    GatewayProcess(folder).configure_source(SOURCE, "")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "moderator", "gateway", "--config", str(folder / "moderator.toml")),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": platform, "MODERATOR_KEY": "k" * 40},
    )
    _, said = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()


async def test_a_log_that_cannot_be_used_is_named_and_stays_as_it_is(log: Path, platform: str) -> None:
    folders = []
    for number, (spoil, _) in enumerate(FAULTS):
        folder = log.parent / str(number)
        folder.mkdir()
        spoil(Path(shutil.copy(log, folder)))
        folders.append(folder)
    before = [(folder / log.name).read_bytes() for folder in folders]
    ended = await asyncio.gather(*(refusal(folder, platform) for folder in folders))
    for folder, (status, said), (_, sentence) in zip(folders, ended, FAULTS, strict=True):
        assert status == 1, said
        assert said.startswith(f"moderator: The log {folder / log.name} "), said
        assert sentence in said
        assert said.count("\n") == 1, "one line, and no traceback"
    assert [(folder / log.name).read_bytes() for folder in folders] == before


async def test_a_log_that_another_gateway_has_stays_with_it(log: Path, platform: str) -> None:
    opened = await SqliteLog.open(log)
    status, said = await refusal(log.parent, platform)
    await opened.aclose()
    assert status == 1
    assert "is in use by another gateway: stop that one, or name another file (gateway.log)" in said


@pytest.fixture
async def gateway(tmp_path: Path, platform: str) -> AsyncIterator[GatewayProcess]:
    process = GatewayProcess(tmp_path, PYTHONPATH=platform)
    process.configure_source(SOURCE, "")
    await process.start()
    yield process
    await process.kill()


@pytest.fixture
def client(gateway: GatewayProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateway.url, trust_env=False, verify=False, timeout=10) as client:
        yield client


def posted(client: httpx.Client, event: Event) -> bool:
    """Whether a webhook was acknowledged. A broken connection is what platforms try again after."""
    try:
        return client.post("/webhooks/school", content=a_webhook(event), headers=SIGNED).status_code == 200
    except httpx.RemoteProtocolError:
        return False


async def test_on_a_full_disk_nothing_is_acknowledged_and_all_goes_on_when_there_is_space(
    gateway: GatewayProcess, client: httpx.Client, tmp_path: Path
) -> None:
    bearer = {"Authorization": f"Bearer {gateway.token()}"}
    now = SystemClock().now_ms()
    events = [joined(f"p{number}", now, name="x" * 30_000) for number in range(10)]
    for event in events[:5]:
        assert await asyncio.to_thread(posted, client, event)
    with full_disk((tmp_path / "moderator.db-wal").stat().st_size, gateway.pid):
        assert not [event for event in events[5:10] if await asyncio.to_thread(posted, client, event)]
        answer = await asyncio.to_thread(client.put, "/v1/duty", headers=bearer)
        assert (answer.status_code, answer.json()["code"]) == (503, "not_stored")
        assert client.get("/healthz").status_code == 200
        assert client.get("/v1/rooms", headers=bearer).status_code == 200, "what is known can be looked at"
    for event in events:  # the platform tries again
        assert await asyncio.to_thread(posted, client, event)
    answer = await asyncio.to_thread(client.put, "/v1/duty", headers=bearer)
    assert answer.status_code == 200, answer.text
    assert await gateway.stop() < 5
    stored = [event.id for entry in read_log(tmp_path / "moderator.db") for event in entry.events]
    assert [stored.count(event.id) for event in events] == [1] * len(events)
    assert "a webhook could not be stored: The log" in gateway.log.read_text("utf-8")
