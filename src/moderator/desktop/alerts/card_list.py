"""The cards of the panel of alerts in their order. What they show and what becomes of them is the panel's business."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.alert_card import AlertCard
from moderator.desktop.theme.look import Look

NEW_AT_ONCE: Final = 3
"""Cards that are made in one turn of the event loop: more, with the rooms' table beside them, take several frames."""


class CardList(QScrollArea):
    """While it stands still no card moves: a click means the card it was aimed at."""

    wanted = Signal(object)
    """`Intent` or a tuple of them."""
    dismissed = Signal(object)
    """`Alert`: its card was put away."""
    focus_lost = Signal()
    """The card with the focus is gone. Its neighbour does not get it: an Enter was not meant for that."""

    more_due = Signal()
    """There are alerts without a card yet."""

    def __init__(self, look: Look, keys: KeyBindings, before: QWidget) -> None:
        """`before` is where Tab comes from."""
        super().__init__(widgetResizable=True)
        self._look = look
        self._keys = keys
        self._before = before
        self._cards: dict[str, AlertCard] = {}
        """By the alert's id, in the order in which they stand there."""
        self._stands_still = False
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.more_due)
        self._gaps: list[QWidget] = []
        """Where cards stood that were dismissed while it stood still."""
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setWidget(self._list)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def cards(self) -> list[AlertCard]:
        """From top to bottom; those too whose alert is over, as long as it stands still."""
        return list(self._cards.values())

    @property
    def focused(self) -> AlertCard | None:
        """The card with the focus."""
        found = self.window().focusWidget()
        return next((card for card in self._cards.values() if card is found or card.isAncestorOf(found)), None)

    def focus_on(self, place: int) -> None:
        """Go to a card."""
        card = self.cards[place]
        card.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(card, 0, 0)

    def stand_still(self, still: bool) -> None:
        """Move nothing from now on, or again what should stand elsewhere, with the next alerts."""
        self._stands_still = still
        if not still:
            self._close_gaps()

    def show_alerts(self, shown: Sequence[Alert], show: Callable[[AlertCard, Alert], None]) -> None:
        """A card for each, and for no other; `show` fills it. Of many new ones some come with `more_due`."""
        self._withdraw(self._cards.keys() - {one.id for one in shown})
        new = [one.id for one in shown if one.id not in self._cards]
        waiting = set(new[NEW_AT_ONCE:])
        ready = [one for one in shown if one.id not in waiting]
        for alert in ready:
            show(self._cards.get(alert.id) or self._new_card(alert.id), alert)
        if not self._stands_still:
            self._put_in_order([one.id for one in ready])
        for place, card in enumerate(self._cards.values()):
            card.lead(place == 0)
        if waiting:
            self._later.start()

    # --- how -------------------------------------------------------------------------------------------------------

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
            if self._stands_still:
                self._cards[id_].retire()
            else:
                self._remove(self._cards.pop(id_))

    def _remove(self, card: AlertCard) -> None:
        if card.hasFocus() or card.isAncestorOf(self.window().focusWidget()):
            self.focus_lost.emit()
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
        before = self._before
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

    def _on_step(self, card: AlertCard, step: int) -> None:
        place = self.cards.index(card) + step
        if 0 <= place < len(self._cards):
            self.focus_on(place)

    def _on_dismiss(self, card: AlertCard) -> None:
        if card.alert is None:
            return
        place, had_focus = self.cards.index(card), card.hasFocus()
        if self._stands_still:
            self._leave_gap(card)
        self._remove(self._cards.pop(card.alert.id))
        self.dismissed.emit(card.alert)
        if not self._cards:
            self._close_gaps()  # nothing is left that could slide, and what comes next is to be seen
        if had_focus and self._cards:
            self.focus_on(min(place, len(self._cards) - 1))
