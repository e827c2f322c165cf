import asyncio
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer, qCritical, qDebug, qInstallMessageHandler, qWarning
from pytestqt.qtbot import QtBot

from moderator.desktop.unexpected import UnexpectedErrors

NOTHING: dict[str, str] = {}


class Errors(UnexpectedErrors):
    """Installed, with what was told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.threads: set[int] = set()
        self.told.connect(self._hear)

    def _hear(self, sentence: str) -> None:
        self.heard.append(sentence)
        self.threads.add(threading.get_ident())


@pytest.fixture
def errors(qtbot: QtBot) -> Iterator[Errors]:
    """Installed for the test, in the place of what pytest put there."""
    hooks = sys.excepthook, threading.excepthook
    errors = Errors()
    before = qInstallMessageHandler(None)
    errors.install()
    yield errors
    qInstallMessageHandler(before)
    sys.excepthook, threading.excepthook = hooks


def test_an_error_in_a_slot_is_told_and_logged(errors: Errors, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    QTimer.singleShot(0, lambda: NOTHING["nothing"])
    qtbot.waitUntil(lambda: bool(errors.heard))
    assert errors.heard == ["Something went wrong in the window: KeyError. The log has the details."]
    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == ("ERROR", "unexpected in the window")
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], KeyError)


def test_an_error_in_a_thread_is_told_in_the_windows_own(
    errors: Errors, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    thread = threading.Thread(target=lambda: NOTHING["nothing"])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(errors.heard))
    assert errors.threads == {threading.get_ident()}
    assert errors.heard == ["Something went wrong in a thread: KeyError. The log has the details."]


def test_what_a_person_reads_does_not_hold_what_the_error_says(
    errors: Errors, caplog: pytest.LogCaptureFixture
) -> None:
    errors.report("a task", ValueError("Bearer secret"))
    assert "secret" not in errors.heard[0]


def test_stopping_by_the_keyboard_is_no_error(errors: Errors, capsys: pytest.CaptureFixture[str]) -> None:
    errors.from_slot(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert errors.heard == []
    assert "KeyboardInterrupt" in capsys.readouterr().err


async def test_what_the_loop_says_without_an_error_is_logged(errors: Errors, caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    errors.install_on(loop)
    try:
        loop.call_exception_handler({"message": "a task was destroyed"})
    finally:
        loop.set_exception_handler(None)
    assert (errors.heard, caplog.messages) == ([], ["event loop: a task was destroyed"])


async def test_a_task_that_nobody_awaits_is_reported(errors: Errors, caplog: pytest.LogCaptureFixture) -> None:
    async def fails() -> None:
        raise KeyError("nothing")

    loop = asyncio.get_running_loop()
    errors.install_on(loop)
    try:
        tasks = {loop.create_task(fails())}
        tasks.clear()
        async with asyncio.timeout(20):
            while not errors.heard:
                await asyncio.sleep(0.001)
    finally:
        loop.set_exception_handler(None)
    assert errors.heard == ["Something went wrong in a task: KeyError. The log has the details."]


def test_what_qt_says_goes_into_the_log(errors: Errors, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "qt")
    qDebug("a detail of 100 %s")
    qWarning("a warning")
    qCritical("an error")
    assert [(one.name, one.levelname, one.getMessage()) for one in caplog.records] == [
        ("qt", "DEBUG", "a detail of 100 %s"),
        ("qt", "WARNING", "a warning"),
        ("qt", "ERROR", "an error"),
    ]
