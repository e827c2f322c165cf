"""One of our programs, in a world where a day is a minute, telling every few seconds what only it can know of itself.

Run as `python -m scripts.soaking.inside FILE MODULE ARGUMENTS`. What is remembered for a day, and how far back the feed
goes, is remembered for a minute, so that it fills up while somebody still watches. Nothing else is another program.
"""

import asyncio
import importlib
import itertools
import json
import runpy
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

from moderator.domain import retention

EVERY_S: Final = 2.0
LOOKS_EVERY: Final = 2
"""Of the times: how often the window looks at another room."""
HOUR_MS: Final = 10_000
MEMORY_MS: Final = 60_000
RECENT_ENTRIES: Final = 2_000


def quicken() -> None:
    """Forget after a minute."""
    importlib.import_module("moderator.domain.fold")  # it keeps the day: what a platform may report late
    retention.HOUR_MS, retention.MEMORY_MS = HOUR_MS, MEMORY_MS  # type: ignore[misc]


def quicken_gateway() -> None:
    """Its feed goes back less far."""
    from moderator.gateway import recent  # noqa: PLC0415  # only this program has one

    recent.MOST_ENTRIES = RECENT_ENTRIES  # type: ignore[misc]


def tell(file: Path) -> None:
    """Write down, again and again, what there is. Runs on a thread of its own."""
    eyes: Any = None
    for number in itertools.count():
        time.sleep(EVERY_S)
        if eyes is None and "PySide6.QtWidgets" in sys.modules:
            eyes = _eyes()
        if eyes is not None:
            eyes.asked.emit(number % LOOKS_EVERY == 0)
        told = {"tasks": _tasks(), **(eyes.seen if eyes is not None else {})}
        file.with_suffix(".new").write_text(json.dumps(told), encoding="utf-8")
        file.with_suffix(".new").replace(file)


def _tasks() -> int:
    """Of all event loops: the only set of them that another thread can count."""
    kept = getattr(asyncio.tasks, "_all_tasks", None)
    return len(kept if kept is not None else getattr(asyncio.tasks, "_scheduled_tasks", ()))


def _eyes() -> Any:
    """What looks at the window from its own thread; None while there is no application."""
    from scripts.soaking.eyes import Eyes  # noqa: PLC0415  # only the window has Qt

    return Eyes.of_application()


def main(file: str, module: str, *arguments: str) -> None:
    """Become that program."""
    quicken()
    if "gateway" in arguments[:1]:
        quicken_gateway()
    threading.Thread(target=tell, args=(Path(file),), daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
