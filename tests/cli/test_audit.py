"""`moderator audit`: against a gateway that answers as told, and on a log file."""

import asyncio
import csv
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from moderator.cli import main
from moderator.cli.audit import finding_lines
from moderator.feed.audit import Removal, Verified
from tests.cli.running import Ran
from tests.client.scripted_gateway import Act, answer, problem, scripted
from tests.fakes.builders import DAY, joined, left
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, GatewayServed, bearer

CONFIG = """
[gateway]
log = "sqlite:moderator.db"
{anchor}
[access]
key = {{ env = "AUDIT_TEST_KEY" }}
"""
ERASED = answer(200, {"seq": 9, "pseudonym": "erased-1", "texts": 3})


async def run(token_file: Path, action: str, words: list[str], *acts: Act) -> Ran:
    async with scripted(*acts) as gateway:
        where = ["--gateway", gateway.url, "--token-file", str(token_file)]
        return Ran(await asyncio.to_thread(main, ["audit", action, *where, *words]), gateway)


# --- export --------------------------------------------------------------------------------------------------------


async def test_a_copy_in_a_file_of_ones_own(token_file: Path, tmp_path: Path) -> None:
    async with GatewayServed(tmp_path) as gateway:
        await gateway.tell(joined("p1", gateway.clock.now_ms(), user="u1", name="=Anna"))
        await gateway.until_read()
        token_file.write_text(bearer(["audit:read"]).removeprefix("Bearer "))
        url, out = f"http://127.0.0.1:{gateway.address[1]}", tmp_path / "copy.csv"
        words = [
            "audit",
            "export",
            "--gateway",
            url,
            "--token-file",
            str(token_file),
            "--format",
            "csv",
            "-o",
            str(out),
        ]
        assert await asyncio.to_thread(main, words) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert "participant_joined" in [row["kind"] for row in rows]


async def test_times_are_asked_for_in_milliseconds(token_file: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    words = ["--from", "2023-11-14T00:00:00+00:00", "--to", "2023-11-15T00:00:00+00:00"]
    ran = await run(token_file, "export", words, answer(200, raw=b'{"a":1}\n'))
    assert ran.status == 0
    assert ran.requests[0].path == f"/v1/audit/export?format=jsonl&from={DAY}&to={DAY + 86_400_000}"


async def test_what_the_gateway_refuses(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = await run(token_file, "export", [], problem(403, "missing_scope", "this needs the scope audit:read"))
    assert ran.status == 1
    assert "audit:read" in capsys.readouterr().err


async def test_a_file_that_cannot_be_written(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = await run(token_file, "export", ["-o", str(token_file.parent)], answer(200, raw=b""))
    assert ran.status == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_time_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["audit", "export", "--from", "yesterday"])
    assert caught.value.code == 2
    assert "2026-11-01" in capsys.readouterr().err


# --- verify --------------------------------------------------------------------------------------------------------


@pytest.fixture
async def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a gateway that has stopped after a visit."""
    monkeypatch.setenv("AUDIT_TEST_KEY", "a key for tests, which nobody else has")
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("p1", DAY, user="u1"), left("p1", DAY + 1))
    path = tmp_path / "moderator.toml"
    path.write_text(CONFIG.format(anchor=""))
    return path


def alter(config: Path) -> None:
    with closing(sqlite3.connect(config.parent / "moderator.db")) as store:
        store.execute("UPDATE entries SET body = replace(body, 'p1', 'p9') WHERE seq = 3")
        store.commit()


async def verified(config: Path, *words: str) -> int:
    return await asyncio.to_thread(main, ["audit", "verify", "--config", str(config), *words])


async def test_a_log_that_nobody_changed(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await verified(config) == 0
    first, head = capsys.readouterr().out.splitlines()
    assert first.startswith("✓ ")
    assert re.search(r" records fit 1 checkpoint(;|$)", first)
    assert head.startswith("  head ")


async def test_the_first_record_that_was_changed_is_named(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alter(config)
    assert await verified(config) == 1
    assert (
        capsys.readouterr().out == "✗ record 3 of 2023-11-14 00:00:00 UTC, participant_left: the record was altered\n"
    )


def test_what_was_taken_out_on_purpose_is_said() -> None:
    trims, erasures = (Removal(7, DAY, 12, vouched=True),), (Removal(9, DAY, 3, vouched=False),)
    found = Verified(records=5, checkpoints=1, unvouched=1, trims=trims, erasures=erasures)
    assert finding_lines(found)[1:] == [
        "  12 entries trimmed on 2023-11-14 00:00:00 UTC (record 7)",
        "  3 texts of a person erased on 2023-11-14 00:00:00 UTC (record 9, not vouched for yet)",
    ]


async def test_a_log_that_was_cut_shows_by_its_anchor(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    anchor = config.parent / "anchor"
    anchor.write_bytes(msgspec.json.encode({"seq": 99, "head": "h", "at": DAY}) + b"\n")
    assert await verified(config, "--anchor", str(anchor)) == 1
    assert "✗ record 99 of 2023-11-14 00:00:00 UTC: the log was cut" in capsys.readouterr().out
    config.write_text(CONFIG.format(anchor='audit_anchor = "anchor"'))
    assert await verified(config) == 1


async def test_while_the_gateway_runs(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with GatewayInProcess(config.parent, clock=FakeClock(DAY + 60_000)):
        assert await verified(config) == 0
    assert "not vouched for yet" in capsys.readouterr().out


async def test_a_log_that_is_not_there(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (config.parent / "moderator.db").unlink()
    assert await verified(config) == 1
    assert "There is no log" in capsys.readouterr().err


async def test_no_secret_is_needed_for_it(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUDIT_TEST_KEY")
    assert await verified(config) == 0


async def test_a_log_by_itself_with_its_anchor(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, anchor = config.parent / "moderator.db", config.parent / "anchor"
    config.unlink()
    assert await asyncio.to_thread(main, ["audit", "verify", "--log", str(log)]) == 0
    anchor.write_bytes(msgspec.json.encode({"seq": 99, "head": "h", "at": DAY}) + b"\n")
    assert await asyncio.to_thread(main, ["audit", "verify", "--log", str(log), "--anchor", str(anchor)]) == 1
    assert "the log was cut" in capsys.readouterr().out


async def test_a_configuration_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await verified(tmp_path / "none.toml") == 1
    assert "none.toml: cannot be read" in capsys.readouterr().err


# --- erase ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "printed"),
    [([], "erased 3 texts; the log says erased-1 now\n"), (["--json"], '{"seq":9,"pseudonym":"erased-1","texts":3}\n')],
)
async def test_a_person_is_erased(
    token_file: Path, capsys: pytest.CaptureFixture[str], words: list[str], printed: str
) -> None:
    ran = await run(token_file, "erase", ["u1", "--source", "clinic", *words], ERASED)
    assert (ran.status, capsys.readouterr().out) == (0, printed)
    assert (ran.requests[0].method, ran.requests[0].path) == ("POST", "/v1/audit/erase")
    assert msgspec.json.decode(ran.requests[0].body) == {"source": "clinic", "user": "u1"}


def a_source(name: str) -> dict[str, Any]:
    return {
        "source": name, "provider": "fake", "state": "live", "heard_at": 1, "listed_at": 1, "clock_offset_ms": 0,
        "detail": None,
    }  # fmt: skip


async def test_the_only_source_need_not_be_named(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rooms = {"seq": 1, "now": DAY, "rooms": [], "sources": [a_source("clinic")]}
    ran = await run(token_file, "erase", ["u1"], answer(200, rooms), ERASED)
    assert msgspec.json.decode(ran.requests[1].body)["source"] == "clinic"
    rooms["sources"] = [a_source("clinic"), a_source("school")]
    ran = await run(token_file, "erase", ["u1"], answer(200, rooms))
    assert ran.status == 2
    assert "clinic, school" in capsys.readouterr().err
