"""Signing in and out in a terminal, and what the other commands make of it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderator.cli import main
from moderator.client import sign_in
from tests.fakes.issuer import CODE, PASTED, Issuer, issuing
from tests.fakes.keyrings import InMemory, system_keyring


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODERATOR_GATEWAY", "MODERATOR_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def issuer(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Issuer]:
    monkeypatch.setattr(sign_in, "SHORTEST_PAUSE_S", 0.01)
    async with issuing() as issuer:
        issuer.code |= {"interval": 0}
        yield issuer


async def run(issuer: Issuer, *words: str) -> int:
    """`main` runs on a thread: it has its own loop."""
    return await asyncio.to_thread(main, [words[0], "--gateway", issuer.url, *words[1:]])


async def test_signing_in_with_a_code(issuer: Issuer, capsys: pytest.CaptureFixture[str]) -> None:
    issuer.polls.append("authorization_pending")
    assert await run(issuer, "login") == 0
    out, err = capsys.readouterr()
    assert f"Open {issuer.url}/approve; it says what to do with the code {CODE}\n" in out
    assert f"`moderator approve {CODE}`. It counts for 10 min." in out
    host = issuer.url.removeprefix("http://")
    assert out.endswith(f"signed in at {host} as Maya; this is kept in the system's keyring\n")
    assert err == ""
    assert await run(issuer, "rooms") == 0
    assert issuer.asked == ["GET /v1/me access-1", "GET /v1/rooms access-1"]


async def test_who_is_signed_in_is_told_as_whom_and_signs_in_anew_only_when_asked_to(
    issuer: Issuer, token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token_file.write_text(PASTED)
    await run(issuer, "login")
    capsys.readouterr()
    for more in ([], ["--token-file", str(token_file)]):
        assert await run(issuer, "login", *more) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.endswith(" already, as Maya; `moderator login --again` signs in anew\n")
    assert len(issuer.forms) == 2, "the first sign-in's"
    assert await run(issuer, "login", "--again") == 0
    assert issuer.asked[-1] == "GET /v1/me access-2"
    issuer.valid.clear()
    issuer.refresh = ""
    assert await run(issuer, "login") == 0, "a sign-in that counts no more is no reason to ask"


async def test_a_code_that_is_refused(issuer: Issuer, capsys: pytest.CaptureFixture[str], keyring: InMemory) -> None:
    issuer.polls.append("access_denied")
    assert await run(issuer, "login") == 1
    assert "the sign-in was refused" in capsys.readouterr().err
    assert keyring.kept == {}


async def test_a_token_that_was_given_is_kept(
    issuer: Issuer, token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(issuer, "login", "--token-file", str(token_file)) == 1
    token_file.write_text(PASTED)
    with system_keyring():
        assert await run(issuer, "login", "--token-file", str(token_file)) == 0
        out, err = capsys.readouterr()
        assert "this is kept in a file only you can read, because this system has no keyring" in out
        assert PASTED not in out + err
        token_file.unlink()
        assert await run(issuer, "rooms") == 0
        assert await run(issuer, "logout") == 0
    assert PASTED not in issuer.valid


async def test_signing_out(issuer: Issuer, capsys: pytest.CaptureFixture[str], keyring: InMemory) -> None:
    await run(issuer, "login")
    capsys.readouterr()
    assert await run(issuer, "logout") == 0
    assert capsys.readouterr().out.startswith("signed out at 127.0.0.1:")
    assert (keyring.kept, issuer.valid, issuer.revoked) == ({}, {PASTED}, ["refresh-1"])
    assert await run(issuer, "logout") == 0
    assert capsys.readouterr().out.startswith("nobody was signed in at 127.0.0.1:")
    assert await run(issuer, "rooms") == 2
    assert f"sign in with `moderator login --gateway {issuer.url}`" in capsys.readouterr().err


async def test_signing_out_while_the_gateway_is_away(capsys: pytest.CaptureFixture[str], keyring: InMemory) -> None:
    async with issuing() as issuer:
        issuer.code |= {"interval": 0}
        await run(issuer, "login")
    assert await run(issuer, "logout") == 1
    assert "is forgotten here, but not everything could be ended" in capsys.readouterr().err
    assert keyring.kept == {}


async def test_a_token_file_that_is_named_comes_before_the_sign_in(issuer: Issuer, token_file: Path) -> None:
    await run(issuer, "login")
    token_file.write_text(PASTED)
    assert await run(issuer, "rooms", "--token-file", str(token_file)) == 0
    assert issuer.asked[-1] == f"GET /v1/rooms {PASTED}"


def test_nothing_is_sent_in_the_open(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for more in ([], ["--token-file", str(token_file)]):
        assert main(["login", "--gateway", "http://moderation.example.org", *more]) == 1
        assert "the gateway has to begin with https://" in capsys.readouterr().err
