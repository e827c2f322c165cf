"""The strip across the window while policies were held because they wanted to remove too many: somebody has to look."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from moderator.desktop.alerts.news import LET_GO_ON, held_words, is_by_policy
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import Intent
from moderator.desktop.theme.look import Look
from moderator.desktop.window.strip import Strip
from moderator.language import tr

_RESUME = Intent(action="resume")


class HoldStrip(Strip):
    """Hidden while nothing is held, or a moderator holds it: who did that knows."""

    wanted = Signal(object)
    """`Intent`: let policies go on."""

    def __init__(self, store: LiveStore, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._store = store
        self.pressed.connect(lambda: self.wanted.emit(_RESUME))
        for signal in (store.replaced, store.me_updated, store.link_updated, store.events_arrived):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Look at the store again."""
        hold = self._store.hold
        if hold is None or not is_by_policy(hold) or self._store.shut_out:
            self.hide()
            return
        button = tr(LET_GO_ON)
        self.say(held_words(hold), icon="hand", level="critical", ground="critical", button=button)
        self.allow(self._store.why_not(_RESUME))
