"""The check as a child; that it works against a platform is seen with the window (`tests/desktop/welcome`)."""

import asyncio
import os
import tempfile
from pathlib import Path

import pytest

from moderator.launch.account import Account
from moderator.launch.checking import Found, check_account
from moderator.launch.child import NotStarted
from tests.launch.processes import children, is_gone, shown

SECRET = "never-shown-to-anybody-else-on-this-machine"
NOBODY = {"api_key": "APIx", "base_url": "http://127.0.0.1:1"}


async def test_it_says_what_it_finds_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found: list[Found] = []
    await check_account(Account("a", "livekit", NOBODY, {"api_secret": SECRET}), "http://127.0.0.1:2", found.append)
    assert (found[0].ok, found[0].webhooks) == (False, False)
    assert found[0].remedy
    (register,) = [one for one in found if one.webhooks]
    assert "http://127.0.0.1:2/webhooks/a" in register.what
    assert not list(tmp_path.iterdir())


async def test_what_the_configuration_refuses_is_the_sentence_alone() -> None:
    account = Account("a", "livekit", {**NOBODY, "base_url": "nowhere"}, {"api_secret": SECRET})
    with pytest.raises(NotStarted, match=r"^sources\.a: base_url: write the whole address"):
        await check_account(account, "http://127.0.0.1:2", lambda _: None)


@pytest.mark.parametrize(("key", "secret"), [("\ud800", SECRET), ("APIx", "\ud800")])
async def test_what_is_no_text_is_told_of(key: str, secret: str) -> None:
    account = Account("a", "livekit", {**NOBODY, "api_key": key}, {"api_secret": secret})
    with pytest.raises(NotStarted, match="not"):
        await check_account(account, "http://127.0.0.1:2", lambda _: None)


async def test_secrets_are_not_for_others_and_it_ends_with_who_asked(tmp_path: Path) -> None:
    account = Account("a", "livekit", NOBODY, {"api_secret": SECRET})
    before = set(children(os.getpid()))
    asking = asyncio.ensure_future(check_account(account, "http://127.0.0.1:2", lambda _: None))
    while not (new := set(children(os.getpid())) - before):
        await asyncio.sleep(0.005)
    (pid,) = new
    assert SECRET.encode() not in shown(pid)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await is_gone(pid)
