"""What X11 sends for a key that is held, as Qt hands it on."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from moderator.desktop.actions.key_repeats import KeyRepeats


def key_event(kind: QEvent.Type, at_ms: int, *, known: bool = False, key: Qt.Key = Qt.Key.Key_Return) -> QKeyEvent:
    event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", known)
    event.setTimestamp(at_ms)
    return event


def presses(*events: QKeyEvent) -> list[bool]:
    """Of each press in a row of events: whether it repeats."""
    keys = KeyRepeats()
    told = [(event, keys.repeats(event)) for event in events]
    return [repeats for event, repeats in told if event.type() == QEvent.Type.KeyPress]


PRESS, RELEASE = QEvent.Type.KeyPress, QEvent.Type.KeyRelease


@pytest.mark.parametrize("known", [True, False], ids=["recognised by Qt", "not recognised"])
def test_a_held_key_repeats(known: bool) -> None:
    held = [key_event(kind, at, known=known) for at in (760, 800, 840) for kind in (RELEASE, PRESS)]
    assert presses(key_event(PRESS, 100), *held) == [False, True, True, True]


def test_a_key_pressed_again_does_not() -> None:
    assert presses(key_event(PRESS, 100), key_event(RELEASE, 160), key_event(PRESS, 161)) == [False, False]


def test_another_key_of_the_same_moment_does_not() -> None:
    assert presses(key_event(RELEASE, 160), key_event(PRESS, 160, key=Qt.Key.Key_E)) == [False]


def test_events_without_a_moment_do_not() -> None:
    assert presses(key_event(RELEASE, 0), key_event(PRESS, 0)) == [False]
