"""Whether an account works, before anything of it is kept: `moderator check` as a child, its findings as they come.

The child reads a draft that holds no secret; those go to it by pipe, as to the embedded gateway.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Final

import msgspec
from msgspec import Struct

from moderator.language import tr
from moderator.launch.account import Account, with_account
from moderator.launch.child import ChildLog, NotStarted, run_module
from moderator.launch.private_files import write_whole
from moderator.launch.toml_edits import NotEditable, with_value
from moderator.signals import KILL, send

CHECK_S: Final = 60.0
"""A platform that does not answer is given up sooner."""


class Found(Struct, frozen=True):
    """One thing that was looked at, in the gateway's words."""

    ok: bool
    what: str
    remedy: str = ""
    todo: bool = False
    webhooks: bool = False
    """About where the platform reports to: says nothing of whether the account works."""


async def check_account(account: Account, gateway: str, found: Callable[[Found], None]) -> None:
    """Look at an account; `gateway` is the address that the platform is to report to.

    Returns when all was looked at. Raises NotStarted with a sentence where the check itself could not be made.
    """
    with tempfile.TemporaryDirectory(prefix="moderator-check-") as folder:
        draft, log = Path(folder) / "moderator.toml", ChildLog(Path(folder) / "log")
        _write(draft, account, gateway)
        secrets = {_pipe(key): secret for key, secret in account.secrets.items()}
        try:
            async with asyncio.timeout(CHECK_S):
                count = await _run(draft, log, secrets, found)
        except TimeoutError as error:
            late = tr("the check was not done within {seconds} s").format(seconds=f"{CHECK_S:.0f}")
            raise NotStarted(late) from error
        if not count:
            raise NotStarted(log.last_words().removeprefix(f"{draft}: ") or tr("the check ended without a word"))


def _write(draft: Path, account: Account, gateway: str) -> None:
    references = {key: {"pipe": _pipe(key)} for key in account.secrets}
    try:
        write_whole(draft, with_value(with_account("", account, references, None), "gateway", "public_url", gateway))
    except NotEditable as error:
        raise NotStarted(str(error)) from error


async def _run(draft: Path, log: ChildLog, secrets: Mapping[str, str], found: Callable[[Found], None]) -> int:
    """How many findings there were."""
    handed = {"key": token_hex(32), "name": "you", "log": str(draft.with_name("moderator.db")), "secrets": secrets}
    process = await run_module("moderator", ["check", "--embedded", "--json", "--config", str(draft)], log)
    assert process.stdin is not None
    assert process.stdout is not None
    count = 0
    try:
        with contextlib.suppress(ConnectionError):  # it says why it ended
            process.stdin.write(msgspec.json.encode(handed) + b"\n")
            await process.stdin.drain()
        process.stdin.close()
        async for line in process.stdout:
            found(msgspec.json.decode(line, type=Found))
            count += 1
        await process.wait()
    except (msgspec.MsgspecError, ValueError) as error:
        raise NotStarted(tr("the check said something that is not understood")) from error
    finally:
        send(KILL, process)
        await process.wait()
    return count


def _pipe(key: str) -> str:
    return f"account_{key}"
