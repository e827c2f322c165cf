"""`moderator check`, for every platform and all that may be wrong with an account: a sentence each, and what to do.

The accounts are those of simulated clouds (a real Janus is checked in `tests/providers/janus`).
"""

import asyncio
import contextlib
import datetime
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fakes.serving import served
from tests.simulator.livekit import running as livekit
from tests.simulator.running import RunningCloud
from tests.simulator.stream import running as stream
from tests.simulator.vonage import running as vonage

WRONG: Final = "what nobody was ever given, and long enough for a key"
LATE_S: Final = 90
REGISTERED: Final = "https://moderation.example.org/webhooks/clinic"


class Platform(Struct, frozen=True):
    """One kind of account."""

    start: Callable[[], AbstractAsyncContextManager[RunningCloud]]
    options: Callable[[], dict[str, str]]
    secret: str
    """The option that is made wrong."""
    wrong: Callable[[], str] = lambda: WRONG


PLATFORMS: Final = {
    "vonage": Platform(
        vonage.running,
        lambda: {
            "application_id": vonage.APPLICATION,
            "private_key": vonage.private_key(),
            "signature_secret": vonage.SIGNATURE_SECRET,
        },
        "private_key",
        vonage.new_key,
    ),
    "opentok": Platform(
        lambda: vonage.running("opentok"),
        lambda: {
            "api_key": vonage.API_KEY,
            "api_secret": vonage.API_SECRET,
            "signature_secret": vonage.SIGNATURE_SECRET,
        },
        "api_secret",
    ),
    "stream": Platform(
        lambda: stream.running(webhook=REGISTERED),
        lambda: {"api_key": stream.API_KEY, "api_secret": stream.API_SECRET},
        "api_secret",
    ),
    "livekit": Platform(
        livekit.running, lambda: {"api_key": livekit.API_KEY, "api_secret": livekit.API_SECRET}, "api_secret"
    ),
}
SECRET_OPTIONS: Final = frozenset({"private_key", "signature_secret", "api_secret"})


@pytest.fixture(params=sorted(PLATFORMS))
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


async def checked(folder: Path, name: str, base_url: str, **changed: str) -> tuple[int, str]:
    """Exit status and output of `moderator check` for one source."""
    options = {**PLATFORMS[name].options(), **changed}
    env = {"MODERATOR_KEY": WRONG, **{key.upper(): value for key, value in options.items() if key in SECRET_OPTIONS}}
    lines = [
        f"{key} = {{ env = '{key.upper()}' }}" if key in SECRET_OPTIONS else f"{key} = '{value}'"
        for key, value in options.items()
    ]
    text = "\n".join(
        [
            "[gateway]\nport = 9\npublic_url = 'https://moderation.example.org'",
            "[access]\nkey = { env = 'MODERATOR_KEY' }",
            f"[sources.clinic]\nprovider = '{name}'\nbase_url = '{base_url}'",
            *lines,
        ]
    )
    (config := folder / "moderator.toml").write_text(text, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "moderator", "check", "--config", str(config)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **env},
    )
    output, errors = await process.communicate()
    assert errors == b""
    said = output.decode()
    assert not any(secret in said for secret in env.values()), "a secret was printed"
    return process.returncode or 0, said


def complaints(said: str) -> list[tuple[str, str]]:
    """What is wrong, each with what to do about it."""
    lines = said.splitlines()
    return [
        (line, " ".join(following.strip() for following in lines[index + 1 : index + 2] if following.startswith("  ")))
        for index, line in enumerate(lines)
        if line.startswith("✗")
    ]


async def test_good_credentials(tmp_path: Path, name: str) -> None:
    async with PLATFORMS[name].start() as cloud:
        status, said = await checked(tmp_path, name, cloud.url)
    assert (status, complaints(said)) == (0, [])
    assert "accepts our credentials" in said
    assert "the platform's clock agrees with ours" in said
    assert REGISTERED in said


async def test_a_webhook_that_goes_elsewhere(tmp_path: Path) -> None:
    """Stream tells where its events go; of the others the address to register is said."""
    async with stream.running(webhook="https://elsewhere.example.org/") as cloud:
        status, said = await checked(tmp_path, "stream", cloud.url)
    ((what, remedy),) = complaints(said)
    assert (status, f"goes to {REGISTERED}" in what, "Register it" in remedy) == (1, True, True)


async def test_wrong_credentials(tmp_path: Path, name: str) -> None:
    platform = PLATFORMS[name]
    async with platform.start() as cloud:
        status, said = await checked(tmp_path, name, cloud.url, **{platform.secret: platform.wrong()})
    assert status == 1
    ((what, remedy),) = complaints(said)
    assert "refuses our credentials" in what
    assert len(remedy) > 20


async def test_a_host_that_nobody_answers_at(tmp_path: Path, name: str) -> None:
    status, said = await checked(tmp_path, name, "http://127.0.0.1:9")
    assert status == 1
    what, remedy = complaints(said)[0]
    assert "cannot be used" in what
    assert "127.0.0.1:9 cannot be reached: no connection. Is base_url right, and does a firewall let us out?" in remedy
    assert said.count("cannot be reached") == 1
    assert "clock" not in said, "nobody told the time"


@pytest.mark.parametrize("name", ["livekit", "stream", "opentok"])
async def test_a_short_secret_is_said_in_our_words_only(tmp_path: Path, name: str) -> None:
    """`checked` fails for what a library writes to standard error."""
    _, said = await checked(tmp_path, name, "http://127.0.0.1:9", api_secret="short")
    assert "clinic: api_secret has 5 characters" in said


async def test_clocks_that_disagree(tmp_path: Path, name: str) -> None:
    async with PLATFORMS[name].start() as cloud, another_time(cloud.url) as url:
        status, said = await checked(tmp_path, name, url)
    assert status == 1
    clock = [(what, remedy) for what, remedy in complaints(said) if "clock" in what]
    ((what, remedy),) = clock
    assert f"the platform's clock is +{LATE_S - 1} s off ours" in what or f"+{LATE_S} s" in what
    assert "NTP" in remedy


async def test_a_clock_that_is_hours_off(tmp_path: Path) -> None:
    async with livekit.running() as cloud, another_time(cloud.url, 7_200) as url:
        status, said = await checked(tmp_path, "livekit", url)
    assert (status, "more than an hour apart" in said, "NTP" in said) == (1, True, True)


@contextlib.asynccontextmanager
async def another_time(url: str, late_s: int = LATE_S) -> AsyncIterator[str]:
    """The same cloud behind a server whose clock is ahead."""
    async with (
        httpx.AsyncClient(base_url=url, trust_env=False) as client,
        served(_ahead(client, late_s), lifespan="off", date_header=False) as ahead,
    ):
        yield ahead


def _ahead(client: httpx.AsyncClient, late_s: int) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        message: Message = await receive()
        headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
        path = scope["raw_path"].decode() + ("?" + scope["query_string"].decode() if scope["query_string"] else "")
        reply = await client.request(scope["method"], path, headers=headers, content=message.get("body", b""))
        now = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=late_s)
        kept: list[Any] = [(b"content-type", reply.headers.get("content-type", "").encode())]
        date = (b"date", format_datetime(now, usegmt=True).encode())
        await send({"type": "http.response.start", "status": reply.status_code, "headers": [*kept, date]})
        await send({"type": "http.response.body", "body": reply.content})

    return app
