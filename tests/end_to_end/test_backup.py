"""A backup that is taken under load, restored elsewhere: the same rooms, and an audit that can be verified."""

import asyncio
import itertools
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from moderator.cli import main
from moderator.clock import SystemClock
from tests.fakes.builders import joined
from tests.fakes.gateway import SIGNED, WEBHOOK, room_path
from tests.fakes.gateway_process import GatewayProcess
from tests.fakes.provider import a_webhook


async def post_without_end(gateway: GatewayProcess, answered: list[int]) -> None:
    async with gateway.client() as client:
        for number in itertools.count():
            webhook = a_webhook(joined(f"c{number}", SystemClock().now_ms(), user=f"u{number}"))
            answered.append((await client.post(WEBHOOK, content=webhook, headers=SIGNED)).status_code)


async def people(client: httpx.AsyncClient) -> int:
    return int((await client.get(room_path())).json()["people"])


async def test_a_backup_under_load_is_restored_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    copy, answered = tmp_path / "copy.db", list[int]()
    async with GatewayProcess(tmp_path / "here") as here:
        posting = asyncio.create_task(post_without_end(here, answered))
        while len(answered) < 100:
            await asyncio.sleep(0.001)
        before = len(answered)
        assert await asyncio.to_thread(main, ["backup", "--config", str(here.config), str(copy)]) == 0
        posting.cancel()
        await asyncio.gather(posting, return_exceptions=True)
    assert set(answered) == {200}
    out = capsys.readouterr().out
    assert str(copy) in out
    assert "✓" in out

    there = GatewayProcess(tmp_path / "there")
    copy.rename(tmp_path / "there" / "moderator.db")
    assert main(["audit", "verify", "--config", str(there.config)]) == 0
    async with there, there.client() as client:
        assert before <= await people(client) <= len(answered)
        webhook = a_webhook(joined("later", SystemClock().now_ms(), user="later"))
        known = await people(client)
        assert (await client.post(WEBHOOK, content=webhook, headers=SIGNED)).status_code == 200
        assert await people(client) == known + 1
    assert main(["audit", "verify", "--config", str(there.config)]) == 0


def test_a_log_on_nats_says_who_keeps_copies_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "moderator.toml"
    config.write_text('[gateway]\nlog = "nats://127.0.0.1:4222"\n', "utf-8")
    assert main(["backup", "--config", str(config), str(tmp_path / "copy")]) == 1
    assert "this log is on NATS" in capsys.readouterr().err


def test_a_copy_of_what_was_altered_is_made_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gateway = GatewayProcess(tmp_path)

    async def run() -> None:
        async with gateway, gateway.client() as client:
            webhook = a_webhook(joined("c1", SystemClock().now_ms(), name="Anna"))
            assert (await client.post(WEBHOOK, content=webhook, headers=SIGNED)).status_code == 200
            await gateway.stop()

    asyncio.run(run())
    with closing(sqlite3.connect(tmp_path / "moderator.db", isolation_level=None)) as store:
        store.execute("UPDATE texts SET value = ?", (b'"Berta"',))
    assert main(["backup", "--config", str(gateway.config), str(tmp_path / "copy.db")]) == 1
    assert "✗ record" in capsys.readouterr().out
    assert (tmp_path / "copy.db").exists()
