"""A few kills of each program; by hand there are 200 (`python -m tests.end_to_end.kill_gateway`, `kill_window`)."""

from pathlib import Path

import pytest

from tests.end_to_end.display import why_no_display
from tests.end_to_end.kill_gateway import kill_gateway
from tests.end_to_end.kill_window import kill_window

pytestmark = pytest.mark.timeout(300)


async def test_a_gateway_that_is_killed_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    said: list[str] = []
    assert await kill_gateway(tmp_path, 5, said.append) == []
    assert "killed 5 times" in said[0]


@pytest.mark.window
@pytest.mark.skipif(bool(why_no_display()), reason=why_no_display())
async def test_a_window_that_is_killed_tells_nothing_twice(tmp_path: Path) -> None:
    said: list[str] = []
    assert await kill_window(tmp_path, 3, said.append) == []
    assert "killed 3 times" in said[0]
