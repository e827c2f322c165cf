"""The simulator as a process of its own."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from moderator.http import HttpClient
from tests.simulator.vonage.running import APPLICATION, SIGNATURE_SECRET, private_key, rest_headers

CREDENTIALS = {"application_id": APPLICATION, "private_key": private_key(), "signature_secret": SIGNATURE_SECRET}
WEBHOOK = ("--webhook", "http://127.0.0.1:1/")


STREAM = {"api_key": "simulated", "api_secret": "a secret that is long enough for any algorithm"}


async def launch(credentials: bytes, *arguments: str, platform: str = "vonage") -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "moderator.simulator", platform, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(credentials)
    return process


async def ready(*arguments: str) -> tuple[asyncio.subprocess.Process, str]:
    """A simulator that accepts requests, and its URL."""
    process = await launch(json.dumps(CREDENTIALS).encode() + b"\n", *WEBHOOK, *arguments)
    assert process.stdout is not None
    line = json.loads(await asyncio.wait_for(process.stdout.readline(), 15))
    assert line.keys() == {"ready", "url"}
    return process, line["url"]


async def ended(process: asyncio.subprocess.Process) -> None:
    _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert (process.returncode, errors) == (0, b"")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_when_told_to(how: signal.Signals) -> None:
    process, _ = await ready("--rooms", "5", "--speed", "10")
    process.send_signal(how)
    await ended(process)


async def test_it_stops_when_its_input_ends_even_while_it_holds_requests() -> None:
    process, url = await ready("--quiet", "--mode", "silent")
    async with HttpClient() as http:
        asked = asyncio.create_task(http.request("POST", f"{url}/session/create", headers=rest_headers()))
        await asyncio.sleep(0.3)
        assert process.stdin is not None
        process.stdin.close()
        await ended(process)
        await asyncio.gather(asked, return_exceptions=True)


async def test_no_secret_is_in_its_command_line() -> None:
    process, _ = await ready("--quiet")
    command = Path(f"/proc/{process.pid}/cmdline")
    if command.exists():
        assert SIGNATURE_SECRET.encode() not in command.read_bytes()
    process.terminate()
    await ended(process)


async def test_another_platform_has_options_of_its_own() -> None:
    line = json.dumps(STREAM).encode() + b"\n"
    process = await launch(line, *WEBHOOK, "--quiet", "--dates", "ns", "--without", "end-call", platform="stream")
    assert process.stdout is not None
    assert json.loads(await asyncio.wait_for(process.stdout.readline(), 15)).keys() == {"ready", "url"}
    process.terminate()
    await ended(process)


@pytest.mark.parametrize(
    ("platform", "arguments", "status", "said"),
    [
        ("stream", WEBHOOK, 1, "credentials for stream need api_key and api_secret"),
        ("livekit", WEBHOOK, 1, "credentials for livekit need api_key and api_secret"),
        ("livekit", (*WEBHOOK, "--company", "2"), 2, "2 is not between 0 and 1"),
        ("livekit", (*WEBHOOK, "--appointments", "lunch"), 2, "invalid choice: 'lunch'"),
        ("stream", (*WEBHOOK, "--without", "everything"), 2, "invalid choice: 'everything'"),
        ("stream", (*WEBHOOK, "--identity", "json"), 2, "unrecognized arguments: --identity"),
        ("nowhere", WEBHOOK, 2, "invalid choice: 'nowhere'"),
    ],
)
async def test_each_platform_says_what_it_lacks(platform: str, arguments: Any, status: int, said: str) -> None:
    process = await launch(b"{}\n", *arguments, platform=platform)
    output, errors = await asyncio.wait_for(process.communicate(), 15)
    assert (process.returncode, output) == (status, b"")
    assert said in errors.decode()


@pytest.mark.parametrize(
    ("credentials", "arguments", "status", "said"),
    [
        (b"\n", WEBHOOK, 1, "one line of JSON"),
        (b"{}\n", WEBHOOK, 1, "application_id and signature_secret"),
        (b"{}\n", (), 2, "--webhook"),
        (b"{}\n", (*WEBHOOK, "--late", "2"), 2, "2 is not between 0 and 1"),
        (b"{}\n", (*WEBHOOK, "--speed", "0"), 2, "0 is not above 0"),
        (b"{}\n", (*WEBHOOK, "--rooms", "-1"), 2, "-1 is less than 0"),
        (json.dumps(CREDENTIALS).encode() + b"\n", (*WEBHOOK, "--host", "192.0.2.1"), 1, "simulator: "),
    ],
)
async def test_it_says_why_it_cannot_start(credentials: bytes, arguments: Any, status: int, said: str) -> None:
    process = await launch(credentials, *arguments)
    output, errors = await asyncio.wait_for(process.communicate(), 15)
    assert (process.returncode, output) == (status, b"")
    assert said in errors.decode()
    assert "Traceback" not in errors.decode()
