"""Snapshots are taken on the window's own event loop, without a screen, and in one time zone."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from moderator.desktop.event_loop import loop_factory


@pytest.fixture(scope="session")
def anyio_backend(qapp: QApplication) -> tuple[str, dict[str, Any]]:
    """Qt's loop and asyncio's are one, as in the program."""
    return "asyncio", {"loop_factory": loop_factory(qapp)}


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pictures show times of day."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
