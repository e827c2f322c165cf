"""What every dialog that decides something shares: heading, body, the verb on the button, when it may be pressed."""

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from moderator.clock import Clock
from moderator.desktop.actions.menu_entries import plain
from moderator.desktop.dialogs.input_guard import InputGuard
from moderator.desktop.live_store import LiveStore
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.ticker import Ticker
from moderator.desktop.widgets.labels import plain_label, restyle
from moderator.language import tr

PADDING_PX: Final = 20
WIDTH_PX: Final = 440


class DecisionDialog(QDialog):
    """Opened with `open()`. It looks at the store again whenever that changes, and once a second.

    Give it a parent: it deletes itself when it is closed, and until then only the parent keeps it.
    """

    def __init__(self, store: LiveStore, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.look = look
        self.clock = clock
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH_PX)
        self.ticker = Ticker(self)
        self._guard = InputGuard(self, clock.monotonic)
        self._heading = plain_label(self, role="title")
        self._note = plain_label(self)
        self.body = QVBoxLayout()
        self.cancel_button = QPushButton(tr("Cancel"), self)
        self.verb_button = QPushButton(self)
        self._arrange()
        self.cancel_button.clicked.connect(self.reject)
        self.verb_button.clicked.connect(self._decide)
        self.ticker.second.connect(self.refresh)
        store.rooms_updated.connect(self.refresh)
        store.replaced.connect(self.refresh)
        store.link_updated.connect(self.refresh)

    # --- what a dialog says ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look at the store again. For each dialog to define."""

    def decided(self) -> bool:
        """Emit what was decided; whether the dialog can close. For each dialog to define."""
        raise NotImplementedError

    def ask(self, heading: str, verb: str, *, spoken: str = "", kind: str = "danger") -> None:
        """The question, and the verb on the button; what a screen reader says where a name in it is shortened."""
        self._heading.setText(heading)
        self.setWindowTitle(heading)
        if (words := plain(verb)) != self.verb_button.text():
            self.verb_button.setText(words)
            self.fit()
        if spoken != self.verb_button.accessibleName():  # a change is announced, also one to the same
            self.verb_button.setAccessibleName(spoken)
        if self.verb_button.property("kind") != kind:
            self.verb_button.setProperty("kind", kind)
            restyle(self.verb_button)

    def allow(self, why_not: str) -> None:
        """Let it be decided, or say why not."""
        self.verb_button.setEnabled(not why_not)
        self.verb_button.setToolTip(plain_tip(why_not))
        self.verb_button.setAccessibleDescription(why_not)
        if why_not != self._note.text():
            self._note.setText(why_not)
            self._note.setVisible(bool(why_not))
            self.fit()

    # --- how -------------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """As high as the text needs: a window does not ask labels how high they are when they wrap. Wider only where
        the words on the buttons need it, and never narrower again.
        """
        layout = self.layout()
        if layout is not None and self.isVisible():
            layout.activate()
            width = max(self.width(), layout.totalMinimumSize().width())
            self.setFixedSize(width, layout.totalHeightForWidth(width))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self.fit()
        self._guard.shown()
        self.ticker.start()

    def done(self, result: int) -> None:
        self.ticker.stop()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
            return
        # Qt presses the default button also while another has the focus: Enter on Cancel would decide.
        focused = self.focusWidget()
        button = focused if isinstance(focused, QPushButton) else self.verb_button
        button.click()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.refresh()

    def _decide(self) -> None:
        self.refresh()  # what it is about may have changed since the last look
        if self.verb_button.isEnabled() and self.decided():
            self.accept()

    def _arrange(self) -> None:
        self._note.setProperty("level", "warn")
        self._note.setVisible(False)
        self.verb_button.setDefault(True)
        self.cancel_button.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.verb_button)
        self.body.setSpacing(8)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        rows.setSpacing(12)
        rows.addWidget(self._heading)
        rows.addLayout(self.body)
        rows.addWidget(self._note)
        rows.addSpacing(4)
        rows.addLayout(buttons)
