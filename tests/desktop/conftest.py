"""What tests of the window share: no screen is needed, and coroutines run on the window's own event loop."""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from moderator.desktop.event_loop import loop_factory
from moderator.desktop.theme.look import Look
from tests.fakes.desktop import FakeStore, a_store


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    """The light look, put on."""
    look = Look()
    look.dress(qapp)
    yield look
    look.undress()


@pytest.fixture
def store(qapp: QApplication) -> FakeStore:
    """A store without rooms."""
    return a_store()


@pytest.fixture(scope="session")
def anyio_backend(qapp: QApplication) -> tuple[str, dict[str, Any]]:
    """Qt's loop and asyncio's are one, as in the program."""
    return "asyncio", {"loop_factory": loop_factory(qapp)}


@pytest.fixture(autouse=True)
def uncollected() -> Iterator[None]:
    """After a test, Qt paints once more what it left; a widget that is collected in the middle of that is a crash."""
    gc.disable()
    yield
    gc.enable()
