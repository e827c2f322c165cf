"""Whether we are on duty, and who else is: a switch in the line on top, and lines for the menu."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from moderator.client.texts import safe
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import Intent
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.upcoming.coming import listed
from moderator.desktop.widgets.icon_button import IconButton
from moderator.domain.rooms import Person
from moderator.language import tr

MOST_NAMED = 8


class DutyButton(IconButton):
    """Says how it is; a click makes it otherwise."""

    wanted = Signal(object)
    """`Intent`."""

    def __init__(self, store: LiveStore, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._store = store
        self._is_short = False
        self.setCheckable(True)
        self.clicked.connect(self.toggle_duty)
        for signal in (store.me_updated, store.replaced, store.link_updated, store.events_arrived, look.changed):
            signal.connect(self.refresh)
        self.refresh()

    def toggle_duty(self) -> None:
        """Ask for the other; it shows when it is so."""
        self.refresh()
        self.wanted.emit(self._wish())

    def shorten(self, is_short: bool) -> None:
        """Only the icon, where there is little room."""
        if is_short != self._is_short:
            self._is_short = is_short
            self.refresh()

    def refresh(self) -> None:
        """Look at the store again."""
        on = self._is_on
        self.setChecked(on)
        words = tr("On duty") if on else tr("Off duty")
        self.setText("" if self._is_short else words)
        self.set_kind("chip" if on else "")
        self.set_icon("headset", "accent" if on else "muted")
        why_not = self.why_not()
        self.setEnabled(not why_not)
        self.setAccessibleName(tr("You are on duty") if on else tr("You are off duty"))
        self.setAccessibleDescription(why_not or self.summary())
        self.setToolTip(plain_tip(why_not or self.summary()))

    def why_not(self) -> str:
        """Why it cannot be changed now; empty where it can."""
        return self._store.why_not(self._wish()) if self._store.ready else tr("Not connected yet.")

    def summary(self) -> str:
        """Who watches the rooms now, in a sentence; where nobody is let in, that it is so."""
        if self._store.shut_out:
            return self.why_not()
        names = [safe(one.name or one.id) for one in self._others()]
        shown = listed(names, MOST_NAMED)
        if not self._is_on:
            return tr("On duty: {names}").format(names=shown) if names else tr("Nobody is on duty")
        return tr("On duty with you: {names}").format(names=shown) if names else tr("Only you are on duty")

    @property
    def _is_on(self) -> bool:
        me = self._store.me
        return me is not None and me.id in self._store.on_duty

    def _others(self) -> list[Person]:
        me_id = self._store.me.id if self._store.me else ""
        return [one for id_, one in sorted(self._store.on_duty.items()) if id_ != me_id]

    def _wish(self) -> Intent:
        return Intent(action="go_off_duty" if self._is_on else "go_on_duty")
