from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCursor, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from moderator.desktop.alerts.alert_card import AlertCard
from moderator.desktop.alerts.alerts_panel import AlertsPanel
from moderator.desktop.intents import Intent
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK
from tests.fakes.desktop import NOW, FakeStore, a_room, a_violation, a_warning

CARDIO = a_room("cardio-14", left_s=47, warnings=[a_warning(60)])
TUTOR = a_room("tutor-maths-b", violations=[a_violation("bill")])
PHYSIO = a_room("physio-03", left_s=271, warnings=[a_warning(300)])


class Panel(AlertsPanel):
    """Remembers what was wanted."""

    def __init__(self, store: FakeStore, look: Look) -> None:
        super().__init__(store, look)
        self.wishes: list[Intent | tuple[Intent, ...]] = []
        self.wanted.connect(self.wishes.append)

    def cards(self) -> list[AlertCard]:
        """As they stand there, from top to bottom."""
        cards = [card for card in self.findChildren(AlertCard) if not card.isHidden()]
        return sorted(cards, key=lambda card: card.y())

    def titles(self) -> list[str]:
        QApplication.processEvents()
        return [card.alert.title for card in self.cards() if card.alert is not None]

    def card(self, title: str) -> AlertCard:
        return next(card for card in self.cards() if card.alert is not None and card.alert.title == title)


@pytest.fixture
def panel(qtbot: QtBot, store: FakeStore, look: Look) -> Iterator[Panel]:
    """In a window, beside the field that has the focus, away from the pointer."""
    window, panel, elsewhere = QWidget(), Panel(store, look), QLineEdit()
    row = QHBoxLayout(window)
    row.addWidget(panel)
    row.addWidget(elsewhere)
    qtbot.addWidget(window)
    QCursor.setPos(0, 0)
    window.setGeometry(100, 100, 600, 700)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    elsewhere.setFocus()
    yield panel
    window.hide()


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    return said


def near(panel: Panel) -> None:
    spot = QPointF(5, 60)
    QApplication.sendEvent(panel, QEnterEvent(spot, spot, spot))


def test_greatest_need_first(panel: Panel, store: FakeStore) -> None:
    store.show(PHYSIO, TUTOR, CARDIO)
    assert panel.titles() == ["cardio-14", "tutor-maths-b", "physio-03"]


def test_an_alert_takes_no_focus(panel: Panel, store: FakeStore) -> None:
    before = QApplication.focusWidget()
    store.show(CARDIO)
    assert isinstance(before, QLineEdit)
    assert QApplication.focusWidget() is before


def test_enter_is_the_first_button_of_the_card(panel: Panel, store: FakeStore) -> None:
    store.show(TUTOR)
    panel.setFocus(Qt.FocusReason.ShortcutFocusReason)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert panel.wishes == [Intent(action="disconnect", room=TUTOR.key, participant="bill", user="bill")]


def test_enter_on_a_button_is_that_button(panel: Panel, store: FakeStore) -> None:
    store.show(TUTOR)
    allow = next(one for one in panel.findChildren(QPushButton) if one.text() == "Allow")
    allow.setFocus()
    QTest.keyClick(allow, Qt.Key.Key_Return)
    assert [wish.action for wish in panel.wishes if isinstance(wish, Intent)] == ["allow"]


def test_arrows_go_from_card_to_card(panel: Panel, store: FakeStore) -> None:
    store.show(CARDIO, TUTOR, PHYSIO)
    panel.setFocus(Qt.FocusReason.ShortcutFocusReason)
    for key, title in (
        (Qt.Key.Key_Down, "tutor-maths-b"),
        (Qt.Key.Key_Down, "physio-03"),
        (Qt.Key.Key_Down, "physio-03"),
        (Qt.Key.Key_Up, "tutor-maths-b"),
    ):
        QTest.keyClick(focused(), key)
        assert QApplication.focusWidget() is panel.card(title)


def test_a_acknowledges_the_focused_or_the_first(panel: Panel, store: FakeStore) -> None:
    store.show(CARDIO, TUTOR, PHYSIO)
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_A)
    panel.card("physio-03").setFocus()
    QTest.keyClick(panel.card("physio-03"), Qt.Key.Key_A)
    panel.card("tutor-maths-b").setFocus()
    QTest.keyClick(panel.card("tutor-maths-b"), Qt.Key.Key_A)
    assert panel.wishes == [
        Intent(action="acknowledge", room=CARDIO.key, warning="1-60000"),
        Intent(action="acknowledge", room=PHYSIO.key, warning="1-300000"),
    ]


def test_acknowledge_all(panel: Panel, store: FakeStore) -> None:
    store.show(CARDIO, TUTOR, PHYSIO)
    button = next(one for one in panel.findChildren(QPushButton) if one.text() == "Acknowledge all")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    (wish,) = panel.wishes
    assert isinstance(wish, tuple)
    assert [intent.room for intent in wish] == [CARDIO.key, PHYSIO.key]
    store.show(TUTOR)
    assert button.isHidden()


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Escape])
def test_dismissing_goes_on_to_the_next(panel: Panel, store: FakeStore, key: Qt.Key) -> None:
    store.show(CARDIO, TUTOR, PHYSIO)
    panel.card("cardio-14").setFocus()
    QTest.keyClick(panel.card("cardio-14"), key)
    assert panel.titles() == ["tutor-maths-b", "physio-03"]
    assert QApplication.focusWidget() is panel.card("tutor-maths-b")


def test_the_cross_dismisses(panel: Panel, store: FakeStore) -> None:
    store.show(CARDIO, TUTOR)
    near(panel)
    QTest.mouseClick(panel.card("cardio-14").findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    assert panel.titles() == ["tutor-maths-b"]


def test_cards_and_the_focus_stay_through_updates(panel: Panel, store: FakeStore) -> None:
    store.show(PHYSIO)
    card = panel.card("physio-03")
    card.setFocus()
    store.show(PHYSIO, CARDIO, TUTOR)
    assert panel.card("physio-03") is card
    assert card.hasFocus()


def test_a_withdrawn_card_does_not_hand_the_focus_to_its_neighbour(panel: Panel, store: FakeStore) -> None:
    store.show(CARDIO, TUTOR)
    panel.card("cardio-14").setFocus()
    store.show(TUTOR)
    assert panel.hasFocus()
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert panel.wishes == []


def test_no_card_moves_under_the_pointer(panel: Panel, store: FakeStore) -> None:
    store.show(TUTOR, PHYSIO)
    near(panel)
    store.show(PHYSIO, CARDIO)
    assert panel.titles() == ["tutor-maths-b", "physio-03", "cardio-14"]
    assert not any(button.isEnabled() for button in panel.card("tutor-maths-b").findChildren(QPushButton))
    QApplication.sendEvent(panel, QEvent(QEvent.Type.Leave))
    assert panel.titles() == ["cardio-14", "physio-03"]


def test_it_counts_down_without_a_word(panel: Panel, store: FakeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.show(CARDIO)
    said = announced(monkeypatch)
    store.time.elapse(2000)
    panel.tick()
    assert "45 s left" in [label.text() for label in panel.card("cardio-14").findChildren(QLabel)]
    assert said == []


def test_new_alerts_are_announced_once(panel: Panel, store: FakeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    said = announced(monkeypatch)
    store.show(TUTOR)
    store.show(TUTOR)
    assert [text.partition(".")[0] for text in said] == ["tutor-maths-b"]
    store.show(*(a_room(f"r{number}", left_s=47, warnings=[a_warning(60)]) for number in range(5)))
    assert said[1:] == ["5 alerts need you."]


def test_a_real_announcement_can_be_made(panel: Panel) -> None:
    event = QAccessibleAnnouncementEvent(panel, "heard")
    QAccessible.updateAccessibility(event)
    assert event.message() == "heard"


def test_what_cannot_be_done_says_why(panel: Panel, store: FakeStore) -> None:
    store.show(TUTOR)
    disconnect = panel.card("tutor-maths-b").findChildren(QPushButton)[0]
    assert disconnect.isEnabled()
    store.time.elapse(16_000)
    panel.tick()
    assert not disconnect.isEnabled()
    assert disconnect.toolTip() == plain_tip("Not while the picture is out of date.")


def test_only_the_first_card_has_a_primary_button(panel: Panel, store: FakeStore) -> None:
    store.show(CARDIO, PHYSIO)
    kinds = [card.findChildren(QPushButton)[0].property("kind") for card in panel.cards()]
    assert kinds == ["primary", ""]
    store.show(PHYSIO)
    assert panel.card("physio-03").findChildren(QPushButton)[0].property("kind") == "primary"


def test_every_control_has_a_name(panel: Panel, store: FakeStore) -> None:
    store.show(CARDIO, TUTOR, PHYSIO)
    controls = [*panel.findChildren(QPushButton), *panel.findChildren(QToolButton), *panel.cards()]
    interfaces = [QAccessible.queryAccessibleInterface(control) for control in controls]
    assert all(one.text(QAccessible.Text.Name) for one in interfaces)


def test_calm_and_another_look(panel: Panel, store: FakeStore, look: Look) -> None:
    assert "Nothing needs you" in [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    store.show(CARDIO)
    before = panel.grab().toImage()
    look.set_theme(DARK)
    assert panel.grab().toImage() != before
    assert store.now_ms() == NOW
