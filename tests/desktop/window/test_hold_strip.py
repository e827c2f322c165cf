"""The strip that tells that policies were held."""

from msgspec.structs import replace
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from moderator.desktop.alerts.news import hold_alerts
from moderator.desktop.orders.intents import Intent
from moderator.desktop.theme.look import Look
from moderator.desktop.window.hold_strip import HoldStrip
from moderator.domain.state import Hold
from tests.fakes.desktop import MAYA, NOW, FakeStore

TOO_MANY = Hold("policy", NOW, "policies asked for 24 removals within a minute, and may for 20")


def strip(qtbot: QtBot, store: FakeStore, look: Look) -> tuple[HoldStrip, QPushButton]:
    made = HoldStrip(store, look)
    qtbot.addWidget(made)
    button = made.findChild(QPushButton)
    assert button is not None
    return made, button


def test_it_says_why_policies_were_held_and_lets_them_go_on(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made, button = strip(qtbot, store, look)
    assert made.text == ""
    store.session.state.hold = TOO_MANY
    store.tell()
    assert made.text == (
        "Policies asked for 24 removals within a minute, and may for 20. Nobody is disconnected automatically."
    )
    assert button.text() == "Let them go on"
    with qtbot.waitSignal(made.wanted) as wanted:
        button.click()
    assert wanted.args == [Intent(action="resume")]
    store.session.state.hold = None
    store.tell()
    assert made.text == ""


def test_who_may_not_resume_sees_why(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made, button = strip(qtbot, store, look)
    store.session.state.hold = TOO_MANY
    store.signed_in(replace(MAYA, scopes=()))
    assert (made.isVisible(), button.isEnabled()) == (True, False)
    assert "policy:hold" in button.accessibleDescription()


def test_what_a_moderator_holds_is_an_alert_only(qtbot: QtBot, store: FakeStore, look: Look) -> None:
    made, _ = strip(qtbot, store, look)
    store.session.state.hold = Hold("leo", NOW)
    store.tell()
    assert made.text == ""


def test_the_alert_of_it_needs_somebody(store: FakeStore) -> None:
    ours, theirs = hold_alerts(TOO_MANY)[0], hold_alerts(Hold("leo", NOW, "a drill"))[0]
    assert (ours.level, ours.actions[0].label) == ("critical", "Let them go on")
    assert (theirs.level, theirs.actions[0].label) == ("warn", "Resume")
    assert theirs.text == "By leo: a drill. Nobody is disconnected automatically."
