from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from moderator.client.link import Link
from moderator.client.texts import clock_time
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.theme.look import Look
from moderator.desktop.window.top_bar import TopBar
from tests.fakes.desktop import MAYA, FakeStore


def bar(qtbot: QtBot, store: FakeStore, look: Look, speed: float = 1) -> TopBar:
    made = TopBar(store, look, speed, KeyBindings())
    qtbot.addWidget(made)
    made.resize(1200, 44)
    made.show()
    return made


def texts(made: TopBar) -> list[str]:
    return [one.text() for one in made.findChildren(QLabel) if one.isVisible() and one.text()]


def test_it_says_whether_the_picture_is_live_and_how_old(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made = bar(qtbot, store, look)
    assert texts(made)[0] == "Connecting"
    store.link_changed(Link("live", "connected to gateway:1"))
    assert texts(made)[:2] == ["Live", "0.0 s  \u00b112 ms"]
    store.time.elapse(20_000)
    made.refresh()
    assert texts(made)[:2] == ["Stale", "20 s  \u00b112 ms"]
    store.hear()
    made.refresh()
    assert texts(made)[0] == "Live"


def test_it_shows_the_gateways_time_and_who_is_signed_in(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made = bar(qtbot, store, look)
    store.signed_in(MAYA)
    assert clock_time(store.now_ms()) in texts(made)
    assert [button.text() for button in made.findChildren(QPushButton)] == ["Off duty", "Maya"]


def test_only_a_demo_says_how_fast_it_is(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    assert "Demo, 10 times as fast" in texts(bar(qtbot, store, look, 10))
    assert not [text for text in texts(bar(qtbot, store, look)) if "fast" in text]
