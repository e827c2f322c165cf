"""The panel of alerts: what needs somebody, greatest need first. It reads `AlertBoard` and never takes the focus."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.actions.key_repeats import KeyRepeats
from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.alert_card import AlertCard
from moderator.desktop.alerts.announcement import announcement
from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.alerts.calm import Calm
from moderator.desktop.alerts.calm_words import calm_words
from moderator.desktop.alerts.card_list import CardList
from moderator.desktop.alerts.hush import Hush
from moderator.desktop.alerts.hush_line import HushLines
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.availability import why_none
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.pace import Pace
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.announcing import announce
from moderator.desktop.widgets.icon_button import IconButton
from moderator.language import marked, ntr, tr

_SMALLEST_PX: Final = 260
_NOTHING_TO_ACKNOWLEDGE: Final = marked("Nothing is to be acknowledged.")
_NOT_ACKNOWLEDGED: Final = marked("This alert cannot be acknowledged: it stays until it is over, or dismissed.")
_NO_ROOM: Final = marked("This alert is not about one room.")
_BY_KEYBOARD: Final = frozenset({
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
})  # fmt: skip


class AlertsPanel(QWidget):
    """A card for each alert. While the pointer is over them no card moves."""

    wanted = Signal(object)
    """`Intent` or a tuple of them."""
    told = Signal(object)
    """`Notice`: why nothing comes of a key."""

    def __init__(self, store: LiveStore, look: Look, keys: KeyBindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.board = AlertBoard(store, self)
        self._store = store
        self._look = look
        self._announced: set[str] = set()
        self._held = KeyRepeats()
        self._count = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._acknowledge_all = IconButton(look)
        self._head = QHBoxLayout()
        self._calm = Calm(look)
        self._list = CardList(look, keys, self._acknowledge_all)
        self._whole = QVBoxLayout(self)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumWidth(_SMALLEST_PX)
        self.setAccessibleName(tr("Alerts"))
        self._lay_out()
        self._acknowledge_all.clicked.connect(self.acknowledge_all)
        self._acknowledge_all.setProperty("action", "window/acknowledge_all")
        self._list.wanted.connect(self.wanted)
        self._list.dismissed.connect(self._on_dismissed)
        self._list.focus_lost.connect(self._take_focus)
        self.board.changed.connect(Pace(store, self.refresh, self).ask)
        self._list.more_due.connect(self.refresh)
        store.link_updated.connect(self.refresh)
        store.replaced.connect(self._say_calm)
        self.refresh()

    def follow(self, hush: Hush) -> None:
        """Say from now on, below the alerts, when it is quiet."""
        self._whole.addWidget(HushLines(hush, self._look, self))

    def tick(self) -> None:
        """A second has passed."""
        self.board.tick()
        for card in self._list.cards:
            card.tick(self._store.now_ms(), stale=self._is_stale(card.alert))
        self._say_calm()

    def refresh(self) -> None:
        """Show the board as it is."""
        shown = self.board.shown
        self._list.show_alerts(shown, self._fill)
        self._show_header(shown)
        self._announce(shown)

    # --- Qt --------------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in _BY_KEYBOARD and self._list.cards:
            self._list.focus_on(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._held.repeats(event):
            return
        name = self._keys.pressed("alert", event)
        if name == "acknowledge":
            self._acknowledge()
        elif name in {"next_alert", "previous_alert"} and self._list.cards:
            self._list.focus_on(0 if name == "next_alert" else -1)
        elif name or not self._ask_for_room(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._held.repeats(event)
        super().keyReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_header()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._list.stand_still(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._list.stand_still(False)
        self.refresh()

    # --- acknowledging ---------------------------------------------------------------------------------------------

    def _acknowledge(self) -> None:
        """The card with the focus; without one the first that needs it."""
        chosen = self._chosen()
        needs = [card.alert for card in self._list.cards if card.alert and not card.is_over]
        alerts = [chosen] if chosen else [alert for alert in needs if alert.level != "info" and alert.acknowledge]
        wishes = alerts[0].acknowledge if alerts else ()
        if wishes:
            self._want(wishes)
        else:
            self._refuse(_NOT_ACKNOWLEDGED if chosen else _NOTHING_TO_ACKNOWLEDGE)

    def _chosen(self) -> Alert | None:
        """That of the card with the focus, as long as it is true."""
        card = self._list.focused
        return card.alert if card is not None and not card.is_over else None

    def _ask_for_room(self, event: QKeyEvent) -> bool:
        """The keys of the rooms mean that of the card with the focus, as its own buttons do; whether there is one."""
        action, alert = self._keys.wish_for_room(event), self._chosen()
        if action is None or alert is None:
            return False
        offered = (one.intents for one in alert.actions if one.intents[0].action == action)
        of_room = (Intent(action=action, room=alert.room),) if alert.room else ()
        if wishes := next(offered, of_room):
            self._want(wishes)
        else:
            self._refuse(_NO_ROOM)
        return True

    def _refuse(self, why: str) -> None:
        self.told.emit(Notice(tone="info", text=tr(why)))

    def acknowledge_all(self) -> None:
        """Everything that needs somebody and can be acknowledged."""
        self._want(self._acknowledgements())

    def why_not_acknowledge_all(self) -> str:
        """Why that cannot be done now; empty where it can."""
        wishes = self._acknowledgements()
        return why_none(wishes, self._store.why_not) if wishes else tr(_NOTHING_TO_ACKNOWLEDGE)

    def _acknowledgements(self) -> tuple[Intent, ...]:
        return tuple(intent for alert in self.board.needs for intent in alert.acknowledge)

    def _want(self, intents: tuple[Intent, ...]) -> None:
        self.wanted.emit(intents[0] if len(intents) == 1 else intents)

    # --- how -------------------------------------------------------------------------------------------------------

    def _fill(self, card: AlertCard, alert: Alert) -> None:
        card.show_alert(alert, self._store.now_ms(), self._store.why_not, stale=self._is_stale(alert))

    def _on_dismissed(self, alert: Alert) -> None:
        self.board.dismiss(alert)
        self.refresh()

    def _take_focus(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_stale(self, alert: Alert | None) -> bool:
        room = self._store.room(alert.room) if alert is not None and alert.room else None
        return bool(self._store.staleness(room)) if room else self._store.freshness == "stale"

    def _show_header(self, shown: Sequence[Alert]) -> None:
        needs = len(self.board.needs)
        self._count.setText(str(needs) if needs else "")
        why_not = self.why_not_acknowledge_all()
        self._acknowledge_all.setVisible(bool(needs))
        self._acknowledge_all.setEnabled(not why_not)
        self._acknowledge_all.setAccessibleDescription(why_not)
        self._fit_header()
        self._calm.setVisible(not self._list.cards)
        self._list.setVisible(bool(self._list.cards))
        self._say_calm()

    def _fit_header(self) -> None:
        """Where there is no room for the button's words, an icon stands for them."""
        button = self._acknowledge_all
        button.setText(button.accessibleName())
        button.set_icon("")
        if self._head.sizeHint().width() > self.width():
            button.setText("")
            button.set_icon("check-check")
        words = "" if button.text() else button.accessibleName()
        button.setToolTip(plain_tip(button.accessibleDescription() or words))

    def _say_calm(self) -> None:
        if not self._list.cards:
            store = self._store
            following = store.census.next_end(store.now_ms())
            words = calm_words(
                store.link,
                ready=store.ready,
                freshness=store.freshness,
                live=store.census.live,
                following=store.room(following) if following else None,
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
        self._acknowledge_all.setAccessibleName(tr("Acknowledge all"))
        head = self._head
        head.setContentsMargins(16, 0, 12, 0)
        head.setSpacing(8)
        for widget in (title, self._count):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self._acknowledge_all)
        bar = QWidget()
        bar.setLayout(head)
        bar.setFixedHeight(44)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        for part in (bar, self._calm, self._list):
            self._whole.addWidget(part, 0 if part is bar else 1)
