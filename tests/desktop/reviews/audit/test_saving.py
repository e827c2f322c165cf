"""A copy is whole or not there."""

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from moderator.client.errors import GatewayUnreachable
from moderator.desktop.reviews.audit.saving import save_whole

Write = Callable[[bytes], object]


async def test_what_was_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "audit.csv"
    path.write_text("old")

    async def fill(write: Write) -> None:
        write(b"new ")
        assert path.read_text() == "old"
        write(b"content")

    assert await save_whole(path, fill) == 11
    assert path.read_text() == "new content"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [GatewayUnreachable("gone"), asyncio.CancelledError()])
async def test_what_broke_off_leaves_nothing_behind(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "audit.csv"
    path.write_text("old")

    async def fill(write: Write) -> None:
        write(b"half")
        raise error

    with pytest.raises(type(error)):
        await save_whole(path, fill)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


async def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    async def fill(write: Write) -> None:
        raise AssertionError("nothing was asked")

    with pytest.raises(FileNotFoundError):
        await save_whole(tmp_path / "none" / "audit.csv", fill)
