"""Keys of moderator tokens: several at a time, and new ones without a restart."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from moderator.clock import SystemClock
from moderator.gateway.access.keys import LOOK_EVERY_S, Keys, derived_key
from moderator.gateway.access.tokens import issue_token
from moderator.tasks import TaskScope
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import ISSUER, TOKEN_KEY, GatewayInProcess, bearer

ONE = "one key of this gateway, long enough"
TWO = "two keys of this gateway are better"


def test_each_kind_of_token_has_its_own_key() -> None:
    keys = Keys([ONE, TWO])
    assert len({*keys.access, *keys.refresh}) == 4
    assert keys.refresh[0] == derived_key(ONE, b"moderator refresh token") != derived_key(ONE, b"another kind")
    assert len(bytes.fromhex(keys.refresh[0])) == 32


def test_keys_are_not_printed() -> None:
    assert ONE not in f"{Keys([ONE])!r} {Keys([ONE])}"


async def test_a_changed_file_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keys = Keys([ONE], path)
    path.write_text(f"{TWO}\n{ONE}\n", "utf-8")
    await looked_twice(keys)
    assert keys.access == (TWO, ONE)
    path.write_text(f"{TWO}\n", "utf-8")
    await looked_twice(keys)
    assert list(keys.access) == [TWO]


async def looked_twice(keys: Keys) -> None:
    for _ in range(2):
        await keys.look()


async def test_a_file_that_is_half_written_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keys = Keys([ONE], path)
    for content in (TWO[:32], TWO, TWO[:32], ONE, TWO):
        path.write_text(content, "utf-8")
        await keys.look()
        assert keys.access == (ONE,)
    await keys.look()
    assert keys.access == (TWO,)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
async def test_only_a_file_is_read(
    tmp_path: Path, make: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    keys = Keys([ONE], tmp_path / "keys")
    make(tmp_path / "keys")
    async with asyncio.timeout(20):
        await looked_twice(keys)
    assert keys.access == (ONE,)
    assert "it is no regular file" in caplog.text


async def test_it_is_looked_at_again_and_again(tmp_path: Path) -> None:
    path, clock = tmp_path / "keys", FakeClock()
    keys = Keys([ONE], path)
    async with TaskScope() as tasks:
        tasks.start("keys", keys.run(clock))
        for expected in (TWO, ONE, TWO):
            path.write_text(expected, "utf-8")
            async with asyncio.timeout(20):  # a thread reads it
                while keys.access != (expected,):
                    await clock.advance(int(LOOK_EVERY_S * 1000))
                    await asyncio.sleep(0.001)


async def test_a_running_gateway_changes_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    running = GatewayInProcess(tmp_path)
    running.config = replace(running.config, access_key_file=path)
    old, new = bearer(), f"Bearer {issue_token(TWO, ISSUER, 'maya', ['rooms:read'], [], 60, SystemClock().now_ms())}"
    async with running as gateway:
        assert [await status(gateway, header) for header in (old, new)] == [200, 401]
        for content, statuses in ((f"{TWO}\n{TOKEN_KEY}", [200, 200]), (TWO, [401, 200])):
            path.write_text(content, "utf-8")
            await looked_twice(gateway.gateway.keys)
            assert [await status(gateway, header) for header in (old, new)] == statuses


async def status(gateway: GatewayInProcess, header: str) -> int:
    return (await gateway.http.get("/v1/rooms", headers={"Authorization": header})).status_code


async def test_without_a_file_there_is_nothing_to_look_at() -> None:
    await Keys([ONE]).run(FakeClock())


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe" * 40, None])
async def test_a_bad_file_changes_nothing_and_is_complained_of_once(
    tmp_path: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "keys"
    keys = Keys([ONE], path)
    if content is not None:
        path.write_bytes(content)
    for _ in range(3):
        await keys.look()
    assert keys.access == (ONE,)
    assert len(caplog.records) == 1
    assert "cannot be used, so the old ones stay" in caplog.text
    path.write_text(TWO, "utf-8")
    await looked_twice(keys)
    assert keys.access == (TWO,)
    assert TWO not in caplog.text
