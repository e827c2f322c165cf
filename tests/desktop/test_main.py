"""The program as a process: it opens, and it ends when it is asked to."""

import asyncio
import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.launch.processes import children, is_gone

PROGRAM = (
    "import sys\n"
    "from pathlib import Path\n"
    "from PySide6.QtCore import Qt, QTimer\n"
    "from PySide6.QtTest import QTest\n"
    "from PySide6.QtWidgets import QApplication\n"
    "from moderator.cli import main\n"
    "from moderator.desktop.desk import Desk\n"
    "from moderator.desktop.session import DesktopSession, opening\n"
    "from moderator.desktop.sessions import own_session\n"
    "from moderator.desktop.theme.choosing import THEME\n"
    "from moderator.language import tr\n"
    "shown, seen = Desk.show, []\n"
    "def show(desk):\n"
    "    shown(desk)\n"
    "    seen.append(desk)\n"
    "    print('open', flush=True)\n"
    "    QTimer.singleShot(100, lambda: {deed})\n"
    "def press_ctrl_q():\n"
    "    active, modal = QApplication.activeWindow(), QApplication.activeModalWidget()\n"
    "    if active is None or modal not in (None, active):\n"
    "        return QTimer.singleShot(10, press_ctrl_q)  # a dialog is on its way into the window\n"
    "    QTest.keyClick(active, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)\n"
    "Desk.show = show\n"
    "sys.exit(main(sys.argv[1:]))\n"
)
"""The command, which also says when its window is open, and does something soon after."""


def environment(folder: Path) -> dict[str, str]:
    homes = {name: str(folder / name) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")}
    for home in homes.values():
        Path(home).mkdir(mode=0o700, exist_ok=True)
    nowhere = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", "QT_QPA_PLATFORM": "offscreen"}
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **homes, **nowhere}


@contextlib.asynccontextmanager
async def running(folder: Path, deed: str = "None") -> AsyncIterator[asyncio.subprocess.Process]:
    """`moderator`, its window open."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM.format(deed=deed)),
        env=environment(folder),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            assert await process.stdout.readline() == b"open\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.fixture
def anyio_backend() -> str:
    """Here no window is in this process."""
    return "asyncio"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("gateway_runs", [False, True])
async def test_a_signal_ends_it_and_its_gateway(tmp_path: Path, number: signal.Signals, gateway_runs: bool) -> None:
    async with running(tmp_path) as process:
        while gateway_runs and not list(tmp_path.rglob("gateway.json")):
            await asyncio.sleep(0.02)
        gateways = children(process.pid)
        assert gateways or not gateway_runs
        process.send_signal(number)
        async with asyncio.timeout(20):
            said = (await process.communicate())[1].decode()
        assert process.returncode == 0, said
        assert "ERROR" not in said
        assert "Traceback" not in said
        assert " INFO " not in said, "that is for the log's file"
        for gateway in gateways:
            assert await is_gone(gateway, 20)


@pytest.mark.parametrize(
    "deed",
    [
        "press_ctrl_q()",
        "desk.window.close()",
        "desk._application.quit()",
    ],
)
async def test_who_leaves_is_asked_nothing_and_finds_the_window_as_it_was(tmp_path: Path, deed: str) -> None:
    async with running(tmp_path, deed) as process:
        async with asyncio.timeout(20):
            said = (await process.communicate())[1].decode()
        assert process.returncode == 0, said
        assert "ERROR" not in said
    (settings,) = tmp_path.rglob("window.ini")
    assert "geometry=" in settings.read_text()


async def test_a_window_goes_over_to_another_session_in_the_same_program(tmp_path: Path) -> None:
    """The gateway of the first is gone then, and that of the second runs."""
    elsewhere = "desk.elsewhere_wanted.emit(opening(own_session()))"
    async with running(tmp_path, f"{elsewhere} if len(seen) == 1 else None") as process:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            assert await process.stdout.readline() == b"open\n"
            while not list(tmp_path.rglob("gateway.json")):
                await asyncio.sleep(0.02)
        assert len(children(process.pid)) == 1
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            said = (await process.communicate())[1].decode()
        assert process.returncode == 0, said
        assert "Traceback" not in said


async def test_what_is_chosen_in_a_demo_counts_everywhere_and_what_was_chosen_counts_in_it(tmp_path: Path) -> None:
    own = tmp_path / "XDG_DATA_HOME" / "moderator"
    own.mkdir(parents=True)
    (own / "window.ini").write_text("[look]\nlanguage=de\n")
    demo = f"desk.elsewhere_wanted.emit(opening(DesktopSession(data_folder=Path({str(tmp_path / 'demo')!r}))))"
    in_demo = "(desk.preferences.put(THEME, 'dark'), print(tr('Quit')), desk.quit_wanted.emit())"
    async with running(tmp_path, f"{demo} if len(seen) == 1 else {in_demo}") as process:
        async with asyncio.timeout(20):
            said = await process.communicate()
        assert (process.returncode, said[0].split()) == (0, [b"open", b"Beenden"]), said
    kept = (own / "window.ini").read_text()
    assert "theme=dark" in kept
    assert "geometry=" in kept
    assert not (tmp_path / "demo" / "window.ini").exists()


async def test_it_checks_itself(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "moderator", "desktop", "--self-check"),
        env=environment(tmp_path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(20):
        said = (await process.communicate())[1].decode()
    assert (process.returncode, said) == (0, "")


LATER = (
    *("httpx", "desktop_notifier", "miniaudio", "rapidfuzz", "PySide6.QtNetwork", "tomllib"),
    *("about.about_window", "dialogs.extend_dialog", "dialogs.sign_in_dialog", "network", "palette", "reviews.audit"),
    *("reviews.policy", "reviews.sessions", "settings", "wallboard", "welcome"),
)
"""Other people's modules, and parts of the window that nobody has opened yet."""
AT_THE_FIRST_PAINT = f"""
import os, sys
from pathlib import Path
from moderator.desktop import main
from moderator.desktop.session import DesktopSession, GatewayAccess, opening

async def painted():
    loaded = [name.removeprefix("moderator.desktop.") for name in sys.modules]
    print(*[name for name in {LATER} if name in loaded], sep=" ", end=";", flush=True)
    os._exit(0)

main._first_paint = painted
main.run(opening(DesktopSession(access=GatewayAccess("http://127.0.0.1:9", "token"), data_folder=Path("."))))
"""


def test_what_nobody_has_opened_is_loaded_after_the_first_paint(tmp_path: Path) -> None:
    """The HTTP library alone takes longer to load than the window to paint."""
    command = (sys.executable, "-c", AT_THE_FIRST_PAINT)
    told = subprocess.run(
        command, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, timeout=60, check=True
    )
    assert told.stdout == b";"


def test_what_is_loaded_later_has_those_names() -> None:
    ours = [f"moderator.desktop.{name}" for name in LATER[6:]]
    assert [name for name in (*LATER[:6], *ours) if importlib.util.find_spec(name) is None] == []
