"""Until the window is painted first, in fresh processes: as the program starts, and with everything loaded before that
it may need, as where each module imports at its top what it opens. `python -m benchmarks.desktop_start ours|naive` is
one start, and prints its milliseconds.
"""

import asyncio
import compileall
import importlib
import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import moderator
from benchmarks.figures import Figures, Row, Target

RUNS: Final = 10
RATIO: Final = 0.7
NAMES: Final = {"ours": "moderator", "naive": "network libraries, TLS and all windows first"}


OPENED_LATER: Final = (
    *("about.about_window", "dialogs.disconnect_dialog", "dialogs.end_room_dialog", "dialogs.extend_dialog"),
    *("dialogs.key_help", "dialogs.message_dialog", "dialogs.shorten_dialog", "dialogs.sign_in_dialog", "network"),
    *("orders.orders", "palette.finding", "reviews.audit.audit_window", "reviews.policy.policy_window"),
    *("reviews.sessions.sessions_window", "settings.keys_page", "settings.look_page", "settings.settings_window"),
    *("settings.warnings_page", "wallboard.wallboard", "welcome.welcome"),
)
"""Modules of the desktop."""


async def measure() -> list[Row]:
    """Ten starts of each, in turns."""
    compileall.compile_dir(Path(moderator.__file__).parent, quiet=1)  # as installers do, and not every environment
    times: dict[str, list[float]] = {kind: [] for kind in NAMES}
    for _ in range(RUNS + 1):
        for kind in NAMES:
            times[kind].append(await _start(kind))
    warm = {kind: found[1:] for kind, found in times.items()}
    figures = [Figures("desktop: first paint, processor", NAMES[kind], found) for kind, found in warm.items()]
    ours, naive = (statistics.median(found) for found in warm.values())
    return [*figures, Target("desktop: first paint against the naive order", ours / naive, "at most", RATIO, " times")]


async def _start(kind: str) -> float:
    command = (sys.executable, "-m", "benchmarks.desktop_start", kind)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    return float(printed)


def _one_start(arguments: Sequence[str]) -> None:
    if arguments == ["naive"]:
        import httpx  # noqa: F401, PLC0415  # what is measured
        import httpx_sse  # noqa: F401, PLC0415

        from moderator.http import HttpClient  # noqa: PLC0415

        HttpClient()
        for name in OPENED_LATER:
            importlib.import_module(f"moderator.desktop.{name}")
    from moderator.desktop import main  # noqa: PLC0415
    from moderator.desktop.session import DesktopSession, GatewayAccess, opening  # noqa: PLC0415

    async def painted() -> None:
        await asyncio.sleep(0)
        print(time.process_time() * 1000, flush=True)
        os._exit(0)

    main._first_paint = painted  # the moment that is asked for
    session = DesktopSession(access=GatewayAccess("http://127.0.0.1:9", "benchmark"), data_folder=Path("/nonexistent"))
    main.run(opening(session))


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _one_start(sys.argv[1:])
