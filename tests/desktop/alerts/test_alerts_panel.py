from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCursor, QEnterEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from moderator.client.link import Link
from moderator.client.texts import clock_time
from moderator.desktop.actions.actions import ACTIONS
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.alerts.alert_card import AlertCard
from moderator.desktop.alerts.alerts_panel import AlertsPanel
from moderator.desktop.alerts.card_list import NEW_AT_ONCE
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import DARK
from moderator.domain.rooms import Person, Room
from moderator.feed.session import FeedSession
from tests.fakes.desktop import NOW, FakeStore, a_room, a_violation, a_warning
from tests.fakes.window import opened

CARDIO = a_room("cardio-14", left_s=47, warnings=[a_warning(60)])
TUTOR = a_room("tutor-maths-b", violations=[a_violation("bill")])
NEURO = a_room("neuro-3", left_s=53, warnings=[a_warning(60)])
PHYSIO = a_room("physio-03", left_s=271, warnings=[a_warning(300)])


class Panel(AlertsPanel):
    """Remembers what was wanted."""

    def __init__(self, store: FakeStore, look: Look) -> None:
        super().__init__(store, look, KeyBindings())
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


def test_calm_is_told_without_looking_at_every_room(panel: Panel, store: FakeStore) -> None:
    store.change(a_room("calm", left_s=900))
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "rooms", lambda: asked.append(1))
        panel.tick()
        panel.refresh()
    time = clock_time(NOW + 900_000, with_seconds=False)
    assert any(label.text() == f"Next: calm ends at {time}." for label in panel.findChildren(QLabel))
    assert asked == []


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
    allow = next(one for one in panel.findChildren(QPushButton) if one.text() == "Let in")
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
    assert not button.isHidden()  # it does not come and go while alerts stay
    assert not button.isEnabled()
    assert button.toolTip() == plain_tip("Nothing is to be acknowledged.")


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


def test_a_second_click_hits_no_other_room(panel: Panel, store: FakeStore) -> None:
    """The cards below a dismissed one stay where they are until the pointer has left."""
    store.show(CARDIO, TUTOR, PHYSIO)
    panel.titles()
    near(panel)
    before = {title: panel.card(title).y() for title in ("tutor-maths-b", "physio-03")}
    QTest.mouseClick(panel.card("cardio-14").findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    assert panel.titles() == ["tutor-maths-b", "physio-03"]
    QTest.mouseClick(panel.card("tutor-maths-b").findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    store.change(CARDIO)
    assert panel.titles() == ["physio-03"]
    assert panel.card("physio-03").y() == before["physio-03"] > before["tutor-maths-b"]
    QApplication.sendEvent(panel, QEvent(QEvent.Type.Leave))
    assert panel.titles() == ["physio-03"]
    assert panel.card("physio-03").y() == 0


def test_what_comes_after_the_last_was_dismissed_stands_at_the_top(panel: Panel, store: FakeStore) -> None:
    store.show(CARDIO)
    near(panel)
    QTest.mouseClick(panel.card("cardio-14").findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    store.show(TUTOR)
    assert panel.titles() == ["tutor-maths-b"]
    assert panel.card("tutor-maths-b").y() == 0


def test_what_is_over_can_be_dismissed_under_the_pointer(panel: Panel, store: FakeStore) -> None:
    store.show(CARDIO, TUTOR)
    near(panel)
    store.show(TUTOR)
    QTest.mouseClick(panel.card("cardio-14").findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    assert panel.titles() == ["tutor-maths-b"]


def test_one_room_that_cannot_be_extended_does_not_stand_for_all(panel: Panel, store: FakeStore) -> None:
    def rooms(at_their_cap: int) -> list[Room]:
        return [
            a_room(
                f"gp-{number}", left_s=200, warnings=[a_warning(300)], allowance_ms=0 if number < at_their_cap else None
            )
            for number in range(8)
        ]

    store.show(*rooms(1))
    extend = next(one for one in panel.findChildren(QPushButton) if one.text() == "+5 min for all")
    assert extend.isEnabled()
    store.show(*rooms(8))
    panel.tick()
    extend = next(one for one in panel.findChildren(QPushButton) if one.text() == "+5 min for all")
    assert (extend.isEnabled(), extend.accessibleDescription()) == (
        False,
        "The room has been extended as far as its type allows.",
    )


def test_all_can_be_acknowledged_as_long_as_one_can(
    panel: Panel, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    button = next(one for one in panel.findChildren(QPushButton) if one.text() == "Acknowledge all")
    ended = {CARDIO.key: replace(CARDIO, state="ended"), PHYSIO.key: PHYSIO}
    store.show(CARDIO, PHYSIO)
    monkeypatch.setattr(store, "room", ended.get)  # its alert is still there
    panel.refresh()
    assert button.isEnabled()
    ended[PHYSIO.key] = replace(PHYSIO, state="ended")
    panel.refresh()
    assert not button.isEnabled()


def test_a_held_key_acknowledges_once(panel: Panel, store: FakeStore) -> None:
    """Also where X11 sends it as releases and presses of the same moment."""
    store.show(CARDIO, PHYSIO)
    panel.setFocus()
    kinds = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
    for kind, at_ms in ((kinds[0], 100), (kinds[1], 760), (kinds[0], 760), (kinds[1], 800), (kinds[0], 800)):
        event = QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
        event.setTimestamp(at_ms)
        QApplication.sendEvent(panel, event)
    assert len(panel.wishes) == 1


@pytest.mark.parametrize(("name", "keys"), [(one.name, one.keys) for one in ACTIONS if one.place == "alert"], ids=str)
def test_the_keys_that_help_shows_do_something(
    panel: Panel, store: FakeStore, name: str, keys: tuple[str, ...]
) -> None:
    for keys_as_text in keys:
        store.show(CARDIO, NEURO, PHYSIO)
        card = panel.cards()[1]
        card.setFocus()
        before = panel.titles()
        QTest.keySequence(card, QKeySequence(keys_as_text))
        happened = {
            "press_first": bool(panel.wishes),
            "acknowledge": bool(panel.wishes) and getattr(panel.wishes[-1], "action", "") == "acknowledge",
            "next_alert": focused() is panel.cards()[-1],
            "previous_alert": focused() is panel.cards()[0],
            "dismiss": panel.titles() != before,
        }
        assert happened[name]


# --- who looks after what ------------------------------------------------------------------------------------------

ANA = Person("ana", "Ana")
PHYSIO_SEEN = Intent(action="acknowledge", room=PHYSIO.key, warning="1-300000")
ANAS = a_room("derm-22", left_s=240, warnings=[a_warning(300)], owner=ANA)


def test_anothers_room_is_only_listed(panel: Panel, store: FakeStore) -> None:
    store.show(ANAS, PHYSIO)
    assert panel.titles() == ["physio-03", "derm-22"]
    assert "1" in [label.text() for label in panel.findChildren(QLabel)], "one of them needs this moderator"
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_A)
    assert panel.wishes == [PHYSIO_SEEN]
    button = next(one for one in panel.findChildren(QPushButton) if one.text() == "Acknowledge all")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.wishes == [PHYSIO_SEEN, PHYSIO_SEEN]
    panel.card("derm-22").setFocus()
    QTest.keyClick(panel.card("derm-22"), Qt.Key.Key_A)
    assert panel.wishes[2:] == [Intent(action="acknowledge", room=ANAS.key, warning="1-300000")]


def test_when_nobody_answers_everybody_is_asked(
    panel: Panel, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.show(ANAS)
    said = announced(monkeypatch)
    panel.tick()
    assert said == []
    store.time.elapse(20_000)
    panel.tick()
    assert said[0].startswith("derm-22. Nobody has answered for 20 s: Ana looks after it.")


def test_a_dismissed_note_does_not_keep_the_call_for_help_away(panel: Panel, store: FakeStore) -> None:
    store.show(ANAS)
    panel.card("derm-22").setFocus()
    QTest.keyClick(panel.card("derm-22"), Qt.Key.Key_Delete)
    assert panel.titles() == []
    store.time.elapse(20_000)
    panel.tick()
    assert panel.titles() == ["derm-22"]
    panel.card("derm-22").setFocus()
    QTest.keyClick(panel.card("derm-22"), Qt.Key.Key_Delete)
    store.change(replace(ANAS, version=9))
    assert panel.titles() == []


# --- calm and many -------------------------------------------------------------------------------------------------


def read(panel: Panel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def test_calm_says_what_comes_next_and_nothing_that_is_not_known(panel: Panel, store: FakeStore) -> None:
    store.link_changed(Link("live", "connected"))
    store.show(a_room("physio-09", left_s=1800))
    assert {"Nothing needs you", f"Next: physio-09 ends at {clock_time(NOW + 1800_000, with_seconds=False)}."} <= set(
        read(panel)
    )
    store.link_changed(Link("signed_out", "the token has expired"))
    assert "Signed out" in read(panel)
    assert "Nothing needs you" not in read(panel)
    store.watch(FeedSession(), store.time)
    store.link_changed(Link("connecting", "starting"))
    assert "Connecting" in read(panel)
    store.link_changed(Link("live", "connected"))
    assert "Loading the rooms" in read(panel)
    store.watch(store.session, store.time)
    store.replaced.emit()
    assert "Nothing needs you" in read(panel)
    store.time.elapse(16_000)
    panel.tick()
    assert "Out of date" in read(panel)


def test_many_stay_few_cards_that_show_their_rooms(panel: Panel, store: FakeStore) -> None:
    crowd = [a_room(f"r{number}", violations=[a_violation("bill")]) for number in range(200)]
    ending = [a_room(f"e{number}", left_s=200, warnings=[a_warning(300)]) for number in range(2000)]
    store.show(*crowd, *ending)
    assert panel.titles() == ["200 people are not allowed", "2000 rooms end within 5 min"]
    show = next(one for one in panel.cards()[1].findChildren(QPushButton) if one.text() == "Show")
    QTest.mouseClick(show, Qt.MouseButton.LeftButton)
    assert panel.wishes == [Intent(action="filter", filter="ending")]


@pytest.mark.parametrize("width", [260, 372])
def test_a_headline_that_is_a_sentence_is_read_whole(panel: Panel, store: FakeStore, width: int) -> None:
    store.show(*(a_room(f"r{number}", violations=[a_violation("bill")]) for number in range(200)))
    panel.setFixedWidth(width)
    panel.titles()
    (headline,) = [one for one in panel.findChildren(QLabel) if one.isVisible() and "people are not" in one.text()]
    needed = headline.fontMetrics().boundingRect(headline.rect(), int(Qt.TextFlag.TextWordWrap), headline.text())
    assert needed.width() <= headline.width()
    assert needed.height() <= headline.height() + 1


async def test_a_groups_rooms_are_shown_in_the_table(store: FakeStore, look: Look, tmp_path: Path) -> None:
    store.show(a_room("calm"), *(a_room(f"e{number}", left_s=200, warnings=[a_warning(300)]) for number in range(8)))
    async with opened(store, look, tmp_path) as open_:
        show = next(one for one in open_.window.alerts.findChildren(QPushButton) if one.text() == "Show")
        show.click()
        assert open_.window.table.model.rowCount() == 8
        assert open_.window.table.model.filter.name == "ending"


@pytest.mark.parametrize(
    ("key", "wish"),
    [
        (Qt.Key.Key_E, Intent(action="extend", room=CARDIO.key)),
        (Qt.Key.Key_C, Intent(action="claim", room=CARDIO.key)),
        (Qt.Key.Key_L, Intent(action="lock", room=CARDIO.key)),
        (Qt.Key.Key_M, Intent(action="message", room=CARDIO.key)),
        (Qt.Key.Key_D, Intent(action="disconnect", room=CARDIO.key)),
    ],
)
def test_the_keys_of_rooms_mean_that_of_the_card(panel: Panel, store: FakeStore, key: Qt.Key, wish: Intent) -> None:
    store.show(CARDIO, PHYSIO)
    panel.card("cardio-14").setFocus()
    QTest.keyClick(panel.card("cardio-14"), key)
    assert panel.wishes == [wish]


def test_d_on_the_alert_about_somebody_means_that_person(panel: Panel, store: FakeStore) -> None:
    store.show(TUTOR)
    card = panel.card("tutor-maths-b")
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_D)
    assert isinstance(panel.wishes[0], Intent)
    assert panel.wishes[0].participant == "bill"


def test_a_says_why_an_alert_cannot_be_acknowledged(panel: Panel, store: FakeStore) -> None:
    """The acknowledgeable one below is not meant: somebody chose this one."""
    store.show(TUTOR, PHYSIO)
    told: list[Notice] = []
    panel.told.connect(told.append)
    panel.card("tutor-maths-b").setFocus()
    QTest.keyClick(panel.card("tutor-maths-b"), Qt.Key.Key_A)
    assert not panel.wishes
    assert [notice.text for notice in told] == [
        "This alert cannot be acknowledged: it stays until it is over, or dismissed."
    ]


def test_where_there_is_no_room_for_its_words_an_icon_acknowledges_all(
    panel: Panel, store: FakeStore, qtbot: QtBot
) -> None:
    store.show(CARDIO, PHYSIO)
    button = next(one for one in panel.findChildren(QPushButton) if one.text() == "Acknowledge all")
    panel.setMinimumWidth(0)
    panel.setFixedWidth(180)
    qtbot.waitUntil(lambda: button.text() == "")
    assert (button.toolTip(), button.accessibleName()) == (plain_tip("Acknowledge all"), "Acknowledge all")
    panel.setFixedWidth(400)
    qtbot.waitUntil(lambda: button.width() >= button.minimumSizeHint().width())
    assert (button.text(), button.toolTip()) == ("Acknowledge all", "")


def test_many_new_cards_come_a_few_in_a_turn(panel: Panel, store: FakeStore, qtbot: QtBot) -> None:
    rooms = [a_room(f"room-{number}", left_s=100 + number, violations=[a_violation("bill")]) for number in range(3)]
    others = [CARDIO, PHYSIO, TUTOR]
    store.show(*rooms, *others)
    wanted = [one.title for one in panel.board.shown]
    assert len(panel.cards()) == NEW_AT_ONCE < len(wanted)
    qtbot.waitUntil(lambda: panel.titles() == wanted)
