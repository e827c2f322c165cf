"""The panel of alerts: what needs somebody, greatest need first. It reads `AlertBoard` and never takes the focus."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.actions.key_repeats import KeyRepeats
from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.alert_card import AlertCard
from moderator.desktop.alerts.announcing import announce, announcement
from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.alerts.calm import Calm
from moderator.desktop.alerts.calm_words import calm_words
from moderator.desktop.alerts.hush import Hush
from moderator.desktop.alerts.hush_line import HushLines
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.availability import why_none
from moderator.desktop.orders.intents import Intent
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.language import ntr, tr

_SMALLEST_PX: Final = 260
_BY_KEYBOARD: Final = frozenset({
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
})  # fmt: skip


class AlertsPanel(QWidget):
    """A card for each alert. While the pointer is over them no card moves: a click means the card it was aimed at."""

    wanted = Signal(object)
    """`Intent` or a tuple of them."""

    def __init__(
        self, store: LiveStore, look: Look, parent: QWidget | None = None, keys: KeyBindings | None = None
    ) -> None:
        super().__init__(parent)
        self._keys = keys or KeyBindings(parent=self)
        self.board = AlertBoard(store, self)
        self._store = store
        self._look = look
        self._cards: dict[str, AlertCard] = {}
        """By the alert's id, in the order in which they stand there."""
        self._announced: set[str] = set()
        self._pointer_is_near = False
        self._gaps: list[QWidget] = []
        """Where cards stood that were dismissed while the pointer was near."""
        self._held = KeyRepeats()
        self._count = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._acknowledge_all = QPushButton(tr("Acknowledge all"))
        self._calm = Calm(look)
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._whole = QVBoxLayout(self)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumWidth(_SMALLEST_PX)
        self.setAccessibleName(tr("Alerts"))
        self._lay_out()
        self._acknowledge_all.clicked.connect(self.acknowledge_all)
        self._acknowledge_all.setProperty("action", "window/acknowledge_all")
        self.board.changed.connect(self.refresh)
        store.link_updated.connect(self.refresh)
        store.replaced.connect(self._say_calm)
        self.refresh()

    def follow(self, hush: Hush) -> None:
        """Say from now on, below the alerts, when it is quiet."""
        self._whole.addWidget(HushLines(hush, self._look, self))

    def tick(self) -> None:
        """A second has passed."""
        self.board.tick()
        for card in self._cards.values():
            card.tick(self._store.now_ms(), stale=self._is_stale(card.alert))
        self._say_calm()

    def refresh(self) -> None:
        """Show the board as it is."""
        shown = self.board.shown
        self._withdraw(self._cards.keys() - {one.id for one in shown})
        for alert in shown:
            card = self._cards.get(alert.id) or self._new_card(alert.id)
            card.show_alert(alert, self._store.now_ms(), self._store.why_not, stale=self._is_stale(alert))
        if not self._pointer_is_near:
            self._put_in_order([one.id for one in shown])
        for place, card in enumerate(self._cards.values()):
            card.lead(place == 0)
        self._show_header(shown)
        self._announce(shown)

    # --- Qt --------------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in _BY_KEYBOARD and self._cards:
            self._focus(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._held.repeats(event):
            return
        name = self._keys.pressed("alert", event)
        if name == "acknowledge":
            self._acknowledge()
        elif name in {"next_alert", "previous_alert"} and self._cards:
            self._focus(0 if name == "next_alert" else len(self._cards) - 1)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._held.repeats(event)
        super().keyReleaseEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._pointer_is_near = True

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointer_is_near = False
        self._close_gaps()
        self.refresh()

    # --- cards -----------------------------------------------------------------------------------------------------

    def _new_card(self, id_: str) -> AlertCard:
        card = AlertCard(self._look, self._keys, self._list)
        card.wanted.connect(self.wanted)
        card.dismiss_wanted.connect(partial(self._on_dismiss, card))
        card.step_wanted.connect(partial(self._on_step, card))
        self._cards[id_] = card
        self._column.insertWidget(self._column.count() - 1, card)
        card.show()
        return card

    def _withdraw(self, ids: set[str]) -> None:
        for id_ in ids:
            if self._pointer_is_near:
                self._cards[id_].retire()
            else:
                self._remove(self._cards.pop(id_))

    def _remove(self, card: AlertCard) -> None:
        """A card that held the focus hands it to the panel, not to its neighbour: an Enter was not meant for that."""
        if card.hasFocus() or card.isAncestorOf(self.window().focusWidget()):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _leave_gap(self, card: AlertCard) -> None:
        """Otherwise the next card would slide under the pointer, and a second click would be for another room."""
        gap = QWidget(self._list)
        gap.setFixedHeight(card.height())
        self._column.insertWidget(self._column.indexOf(card), gap)
        gap.show()
        self._gaps.append(gap)

    def _close_gaps(self) -> None:
        while self._gaps:
            gap = self._gaps.pop()
            self._column.removeWidget(gap)
            gap.hide()
            gap.deleteLater()

    def _put_in_order(self, ids: Sequence[str]) -> None:
        if list(self._cards) == list(ids):
            return
        self._cards = {id_: self._cards[id_] for id_ in ids}
        before: QWidget = self._acknowledge_all
        for place, card in enumerate(self._cards.values()):
            if self._column.indexOf(card) != place:
                self._column.removeWidget(card)
                self._column.insertWidget(place, card)
            QWidget.setTabOrder(before, card)
            before = self._tab_through(card)

    @staticmethod
    def _tab_through(card: AlertCard) -> QWidget:
        """The buttons of a card follow it; returns the last."""
        before: QWidget = card
        for button in card.findChildren(QPushButton):
            QWidget.setTabOrder(before, button)
            before = button
        return before

    def _focus(self, place: int) -> None:
        card = list(self._cards.values())[place]
        card.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._scroll.ensureWidgetVisible(card, 0, 0)

    def _on_step(self, card: AlertCard, step: int) -> None:
        place = list(self._cards.values()).index(card) + step
        if 0 <= place < len(self._cards):
            self._focus(place)

    def _on_dismiss(self, card: AlertCard) -> None:
        if card.alert is None:
            return
        place, had_focus = list(self._cards.values()).index(card), card.hasFocus()
        if self._pointer_is_near:
            self._leave_gap(card)
        self._remove(self._cards.pop(card.alert.id))
        self.board.dismiss(card.alert)
        self.refresh()
        if not self._cards:
            self._close_gaps()  # nothing is left that could slide, and what comes next is to be seen
        if had_focus and self._cards:
            self._focus(min(place, len(self._cards) - 1))

    # --- acknowledging ---------------------------------------------------------------------------------------------

    def _acknowledge(self) -> None:
        """The card with the focus; without one the first that needs it."""
        cards = [card for card in self._cards.values() if card.alert is not None and not card.is_over]
        focused = self.window().focusWidget()
        chosen = [card.alert for card in cards if card.alert and (card is focused or card.isAncestorOf(focused))]
        needs = [card.alert for card in cards if card.alert is not None and card.alert.level != "info"]
        alerts = [alert for alert in chosen or needs if alert.acknowledge]
        if alerts:
            self._want(alerts[0].acknowledge)

    def acknowledge_all(self) -> None:
        """Everything that needs somebody and can be acknowledged."""
        self._want(self._acknowledgements())

    def why_not_acknowledge_all(self) -> str:
        """Why that cannot be done now; empty where it can."""
        wishes = self._acknowledgements()
        return why_none(wishes, self._store.why_not) if wishes else tr("Nothing is to be acknowledged.")

    def _acknowledgements(self) -> tuple[Intent, ...]:
        return tuple(intent for alert in self.board.needs for intent in alert.acknowledge)

    def _want(self, intents: tuple[Intent, ...]) -> None:
        self.wanted.emit(intents[0] if len(intents) == 1 else intents)

    # --- how -------------------------------------------------------------------------------------------------------

    def _is_stale(self, alert: Alert | None) -> bool:
        room = self._store.room(alert.room) if alert is not None and alert.room else None
        return bool(self._store.staleness(room)) if room else self._store.freshness == "stale"

    def _show_header(self, shown: Sequence[Alert]) -> None:
        needs = len(self.board.needs)
        self._count.setText(str(needs) if needs else "")
        why_not = self.why_not_acknowledge_all()
        self._acknowledge_all.setVisible(bool(self._acknowledgements()))
        self._acknowledge_all.setEnabled(not why_not)
        self._acknowledge_all.setAccessibleDescription(why_not)
        self._acknowledge_all.setToolTip(plain_tip(why_not))
        self._calm.setVisible(not self._cards)
        self._scroll.setVisible(bool(self._cards))
        self._say_calm()

    def _say_calm(self) -> None:
        if not self._cards:
            store = self._store
            words = calm_words(
                store.link, ready=store.ready, freshness=store.freshness, rooms=store.rooms(), now_ms=store.now_ms()
            )
            self._calm.say(words)

    def _announce(self, shown: Sequence[Alert]) -> None:
        new = [one for one in shown if one.id not in self._announced]
        self._announced = {one.id for one in shown} | {one.id for one in self.board.alerts}
        needs = len(self.board.needs)
        sum_up = ntr("1 alert needs you.", "{count} alerts need you.", needs).format(count=needs)
        if text := announcement(new, sum_up):
            announce(self, text, urgent=any(one.level == "critical" for one in new))

    def _lay_out(self) -> None:
        title = QLabel(tr("Needs you"))
        title.setProperty("role", "heading")
        self._count.setProperty("role", "muted")
        self._acknowledge_all.setAutoDefault(False)
        self._acknowledge_all.setFont(self._look.font("small", "medium"))
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 12, 0)
        head.setSpacing(8)
        for widget in (title, self._count):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self._acknowledge_all)
        bar = QWidget()
        bar.setLayout(head)
        bar.setFixedHeight(44)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setWidget(self._list)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        for part in (bar, self._calm, self._scroll):
            self._whole.addWidget(part, 0 if part is bar else 1)
