"""Recorded webhooks, posted again."""

import asyncio
import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from moderator.cli import main, replaying
from moderator.gateway.configuration.config import SourceConfig
from tests.client.scripted_gateway import Act, ScriptedGateway, answer, broken, scripted


def a_line(at: int = 0, body: str | None = "{}", **members: Any) -> str:
    headers = {"Authorization": "Basic eA==", "Host": "old", "Content-Length": "99", "X-Thing": "1"}
    return json.dumps({"at": at, "path": "/webhooks/clinic?x=1", "headers": headers, "body": body} | members)


async def replayed(tmp_path: Path, lines: list[str], *words: str, acts: tuple[Act, ...]) -> tuple[int, ScriptedGateway]:
    path = tmp_path / "recorded.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    async with scripted(*acts) as gateway:
        status = await asyncio.to_thread(main, ["replay", str(path), "--to", gateway.url, *words])
        return status, gateway


async def test_bodies_are_posted_byte_for_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bodies = [b'{"a": "\xc3\xa9"}', b"\xff\x00\r\n", b""]
    lines = [
        a_line(body=bodies[0].decode()),
        a_line(body=None, body_b64=base64.b64encode(bodies[1]).decode()),
        "",
        a_line(body=""),
    ]
    status, gateway = await replayed(tmp_path, lines, acts=(answer(200),))
    assert (status, capsys.readouterr().out) == (0, "200: 3\n")
    assert [request.body for request in gateway.requests] == bodies
    first = gateway.requests[0]
    assert (first.method, first.path) == ("POST", "/webhooks/clinic?x=1")
    assert (first.headers["authorization"], first.headers["x-thing"]) == ("Basic eA==", "1")
    assert first.headers["host"] == gateway.url.removeprefix("http://")
    assert first.headers["content-length"] == str(len(bodies[0]))


async def test_answers_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    acts = (answer(200), answer(401), broken(), answer(200))
    status, _ = await replayed(tmp_path, [a_line()] * 5, acts=acts)
    out, err = capsys.readouterr()
    assert (status, out) == (1, "200: 3\n401: 1\nno answer: 1\n")
    assert "cannot be reached" in err


class LeapingClock:
    """Who waits has waited; `waits` says how long. Time passes in no other way."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def now_ms(self) -> int:
        return round(sum(self.waits) * 1000)

    def monotonic(self) -> float:
        return sum(self.waits)

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        self.waits.append(max(0.0, timeout_s))
        return event.is_set()


@pytest.mark.parametrize(
    ("words", "waits"), [([], [0, 1, 2]), (["--speed", "10"], [0, 0.1, 0.2]), (["--speed", "0"], [0, 0, 0])]
)
async def test_the_pace_is_the_recordings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], waits: list[float]
) -> None:
    clock = LeapingClock()
    monkeypatch.setattr(replaying, "SystemClock", lambda: clock)
    lines = [a_line(5_000), a_line(6_000), a_line(8_000)]
    status, gateway = await replayed(tmp_path, lines, *words, acts=(answer(200),))
    assert (status, len(gateway.requests)) == (0, 3)
    assert clock.waits == pytest.approx(waits)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "line 2"),
        ("[]", "line 2"),
        (a_line(body=None), "body or body_b64"),
        (a_line(body_b64=""), "body or body_b64"),
        (a_line(body=None, body_b64="!"), "line 2"),
        (a_line(path="webhooks"), "slash"),
        (a_line(path="/a\nb"), "slash"),
        (a_line(headers={"X": "a\r\nY: b"}), "header"),
        (a_line(headers={"X": "é"}), "header"),
    ],
)
async def test_what_is_no_recording_names_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, why: str
) -> None:
    status, gateway = await replayed(tmp_path, [a_line(), line, a_line()], acts=(answer(200),))
    err = capsys.readouterr().err
    assert (status, err.count("\n"), len(gateway.requests)) == (1, 1, 1)
    assert why in err


async def test_a_line_without_end_does_not_fill_the_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "MAX_LINE_BYTES", 1000)
    status, _ = await replayed(tmp_path, [a_line(body="x" * 2000)], acts=(answer(200),))
    assert status == 1
    assert "longer than 1000 bytes" in capsys.readouterr().err


def test_a_recording_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(tmp_path / "none"), "--to", "http://127.0.0.1:9"]) == 1
    assert "cannot be read: No such file" in capsys.readouterr().err


class Signing:
    Options: ClassVar[Any] = None

    @staticmethod
    def sign(options: Any, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        return {**headers, "X-Signature": f"{options}:{len(body)}"}


def configured(monkeypatch: pytest.MonkeyPatch, provider: Any) -> None:
    class Config:
        sources = (SourceConfig("clinic", provider, "janus", "s3cret", 1, 1.0),)

    monkeypatch.setattr(replaying, "config_of", lambda path: Config())


async def test_signed_afresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configured(monkeypatch, Signing)
    words = ["--sign-as", "clinic", "--config", "c"]
    status, gateway = await replayed(tmp_path, [a_line(body="abc")], *words, acts=(answer(200),))
    assert (status, gateway.requests[0].headers["x-signature"]) == (0, "s3cret:3")


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (["--sign-as", "clinic"], 2, "--config"),
        (["--sign-as", "school", "--config", "c"], 1, "no source school"),
    ],
)
def test_what_cannot_be_signed(
    words: list[str], status: int, why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(monkeypatch, Signing)
    assert main(["replay", "f", "--to", "http://127.0.0.1:9", *words]) == status
    assert why in capsys.readouterr().err
