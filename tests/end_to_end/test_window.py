"""The main job, for real: Janus with WebRTC participants, a gateway process, the desktop in a window, and keys."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartJanus, StartParticipant
from tests.end_to_end.display import Display, why_no_display
from tests.end_to_end.gateway_process import GatewayProcess
from tests.end_to_end.janus_server import JanusServer
from tests.end_to_end.window_process import Seen, WindowProcess
from tests.fakes.notification_server import NotificationServer, notification_server, private_bus

pytestmark = [
    *(pytest.mark.janus, pytest.mark.media, pytest.mark.window),
    *(pytest.mark.timeout(180), pytest.mark.usefixtures("media_network")),
]

ROOM_TYPES = """
[[room_types]]
name = "lesson"
match = { room = "lesson*" }
duration = "60s"
warn = ["50s", "10s", "5s"]
extension_step = "5m"
mode = "enforce"

[[room_types]]
name = "pair"
match = { room = "pair*" }
max_people = 2
mode = "observe"
"""


@pytest.fixture(scope="module")
def display(media_network: str) -> Iterator[Display]:
    if reason := why_no_display():
        pytest.skip(reason)
    display = Display.start()
    yield display
    display.stop()


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayProcess]:
    process = GatewayProcess(tmp_path)
    yield process
    await process.kill()


@pytest.fixture
async def school(gateway: GatewayProcess, start_janus: StartJanus) -> JanusServer:
    janus = await start_janus(webhooks=gateway.webhooks)
    gateway.configure(janus, ROOM_TYPES)
    await gateway.start()
    return janus


@pytest.fixture
def bus(display: Display, tmp_path: Path) -> Iterator[str]:
    with private_bus(tmp_path) as address:
        yield address


@pytest.fixture
async def notifications(bus: str) -> AsyncIterator[NotificationServer]:
    async with notification_server(bus) as server:
        yield server


@pytest.fixture
async def window(
    school: JanusServer,
    gateway: GatewayProcess,
    display: Display,
    bus: str,
    notifications: NotificationServer,
    tmp_path: Path,
) -> AsyncIterator[WindowProcess]:
    token = tmp_path / "token"
    token.write_text(gateway.token(), "utf-8")
    process = WindowProcess(display, tmp_path, {"DBUS_SESSION_BUS_ADDRESS": bus})
    await process.start("--gateway", gateway.url, "--token-file", str(token))
    yield process
    await process.kill()


async def test_a_moderator_extends_a_lesson_and_removes_a_guest_by_keys(
    school: JanusServer,
    window: WindowProcess,
    display: Display,
    notifications: NotificationServer,
    enter: StartParticipant,
) -> None:
    await school.create_room("lesson-1")
    await enter(school, "lesson-1", "carol", display="Carol")
    await enter(school, "lesson-1", "dan", display="Dan")
    await window.shows("both of them", lambda seen: seen.says("Carol, here") and seen.says("Dan, here"), 20)
    await window.shows("that it is live", lambda seen: "Live" in seen.texts)

    # The warning comes by itself, in the window and from the system.
    await window.shows("the warning", lambda seen: seen.says("Ends at", "disconnects 2 people"), 30)
    await notifications.until(lambda: any("lesson-1" in one.title for one in notifications.open))

    # A room that is alone has the window to itself. One key extends it, wherever that is.
    await display.press("e")
    await window.shows("the extension", lambda seen: seen.says("last extended by you"))
    await window.shows("what was done", lambda seen: seen.says("lesson-1: +5 min, ends"))
    await window.shows("the warning withdrawn", lambda seen: not seen.says("Ends at", "disconnects"))
    await notifications.until(lambda: not notifications.open)

    # Somebody who should not be there.
    await school.create_room("pair-1", require_pvtid=False)
    alice = await enter(school, "pair-1", "alice", display="Alice")
    await enter(school, "pair-1", "bob", display="Bob")
    await window.shows("two rooms in the table", lambda seen: "2 of 2 people" in seen.row("Room pair-1"), 40)
    eve = await enter(school, "pair-1", "eve", display="Eve", stubborn=True)
    await eve.sees(alice)
    await eve.rtp_beyond(20)
    await window.shows("the alert", lambda seen: seen.says("Eve is number 3"))
    await notifications.until(lambda: any("pair-1" in one.title for one in notifications.open))
    await display.press("F6")
    await window.shows("the alert framed", lambda seen: "pair-1" in seen.focus)

    # Enter asks; what is pressed in the first moment, or still held, decides nothing.
    await display.hold("Return", 1.2)
    await window.shows("the dialog, still there", lambda seen: "Disconnect Eve" in seen.texts)
    await display.press("Return")
    await window.shows("no dialog", lambda seen: "Disconnect Eve" not in seen.texts)
    await window.shows("that it is done", lambda seen: "2 of 2 people" in seen.row("Room pair-1"), 15)
    assert await eve.rtp_during(3) == 0

    # She comes back, the gateway keeps her out, and the room's timeline tells it.
    await eve.rejoin()
    await display.press("F6", "F6", "F6", "End")
    await window.shows("her second disconnect", lambda seen: disconnected(seen, "Eve") == 2)
    await window.shows("two people", lambda seen: "2 of 2 people" in seen.row("Room pair-1"))
    assert await window.stop() < 3


def disconnected(seen: Seen, name: str) -> int:
    """How often the timeline on the screen says so."""
    return sum(f"{name} was disconnected" in row for row in seen.rows())
