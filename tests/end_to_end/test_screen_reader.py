"""Somebody who cannot see the window finds a room, extends it and disconnects somebody, by accessible names alone."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.display import Display, why_no_display
from tests.end_to_end.screen_reader import ScreenReader, screen_reader, whole, why_no_screen_reader
from tests.end_to_end.window_process import WindowProcess
from tests.fakes.notification_server import private_bus

pytestmark = [pytest.mark.window, pytest.mark.timeout(240)]


@pytest.fixture
def display() -> Iterator[Display]:
    if reason := why_no_display() or why_no_screen_reader():
        pytest.skip(reason)
    display = Display.start()
    yield display
    display.stop()


@pytest.fixture
def bus(tmp_path: Path, display: Display) -> Iterator[str]:
    with private_bus(tmp_path) as address:
        yield address


@pytest.fixture
async def reader(bus: str, display: Display) -> AsyncIterator[ScreenReader]:
    async with screen_reader(bus, display.name) as reader:
        yield reader


@pytest.fixture
async def window(bus: str, display: Display, reader: ScreenReader, tmp_path: Path) -> AsyncIterator[WindowProcess]:
    process = WindowProcess(
        display, tmp_path, {"DBUS_SESSION_BUS_ADDRESS": bus, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    )
    await process.start("demo", "--rooms", "4", "--speed", "1")
    yield process
    await process.kill()


async def test_a_room_is_found_extended_and_rid_of_somebody_by_names_alone(
    window: WindowProcess, reader: ScreenReader
) -> None:
    row = await reader.use("table cell", r"Room [\w-]+, .* left, .*2 of 2 people.*", 60)
    room = re.match(r"Room ([\w-]+),", row)
    assert room is not None

    await reader.use("push button", r"Extend \d+ min")
    await reader.find("label", rf"{whole(room[1])}: \+\d+ min, .*")

    person = await reader.use("list item", r"[^,]+, [^,]+, here .*")
    name = whole(person.split(",")[0])
    await reader.use("push button", r"Disconnect.*")
    await reader.find("dialog", rf"Disconnect {name}.*")
    await reader.use("radio button", "Reason: Conduct")
    await reader.use("push button", rf"Disconnect {name}")
    await reader.gone("dialog", ".*")
    await reader.find("list item", rf"{name}, .*removed .*", 40)
    await window.stop()
