"""What covers the rooms while nobody is signed in any more: whoever passes by reads no names."""

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from moderator.client.texts import safe
from moderator.desktop.link_text import sentence
from moderator.desktop.live_store import LiveStore
from moderator.desktop.tables.rooms_view import RoomsView
from moderator.desktop.theme.look import Look
from moderator.desktop.window.cover import Cover
from moderator.domain.ids import RoomKey
from moderator.language import tr

ICON_PX: Final = 32
LINE_PX: Final = 480


class Curtain(Cover):
    """Says why nothing is to be seen; what is under it stays as it was."""

    sign_in_wanted = Signal()
    drawn = Signal(bool)
    """It was drawn, or opened again."""

    def __init__(self, store: LiveStore, look: Look, covered: QWidget, *, signs_in: bool) -> None:
        """`signs_in`: people sign in in this window; else a token has to come from elsewhere."""
        super().__init__(look, covered)
        self._store = store
        self._signs_in = signs_in
        self._icon, self._title, self._line = QLabel(self), QLabel(self), QLabel(self)
        self._title.setProperty("role", "title")
        self._line.setProperty("role", "muted")
        self.button = QPushButton(tr("Sign in"), self)
        self.button.setProperty("kind", "primary")
        self.button.clicked.connect(self.sign_in_wanted)
        self._arrange()
        look.changed.connect(self._dress)
        store.link_updated.connect(self.refresh)
        store.replaced.connect(self.refresh)

    def refresh(self) -> None:
        """Look at the store again. Where nothing was received there is nothing to cover."""
        link = self._store.link
        wanted = self._store.shut_out and self._store.ready
        self._line.setText(sentence(safe(link.sentence)))
        self.button.setVisible(self._signs_in and link.state == "signed_out")
        if wanted == self.is_drawn:
            return
        self.draw(drawn=wanted)
        if wanted:
            self._dress()
        self.drawn.emit(wanted)

    def take_focus(self) -> None:
        """Off what is covered, so that no key acts on what cannot be seen."""
        focused = self._covered.window().focusWidget()
        if self._covered.isAncestorOf(focused):
            (self.button if self.button.isVisibleTo(self) else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Rooms and names are hidden"))
        self._title.setText(tr("Rooms and names are hidden"))
        for label in (self._title, self._line):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._line.setWordWrap(True)
        self._line.setFixedWidth(LINE_PX)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for widget in (self._icon, self._title, self._line):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def _dress(self) -> None:
        color = self._look.color("faint")
        self._icon.setPixmap(self._look.pixmap("eye-off", color, ICON_PX, self.devicePixelRatioF()))


class WayBack(QObject):
    """Who signs in again finds the room selected that was."""

    def __init__(self, curtain: Curtain, view: RoomsView, store: LiveStore) -> None:
        super().__init__(curtain)
        self._curtain, self._view, self._store = curtain, view, store
        self._left_at: RoomKey | None = None
        curtain.drawn.connect(self._on_drawn)
        store.replaced.connect(self._on_replaced)

    def _on_drawn(self, drawn: bool) -> None:
        if drawn:
            self._left_at = next(iter(self._view.selected_rooms()), None)
        elif self._store.ready:  # the same picture again
            self._view.setFocus()
            self._left_at = None

    def _on_replaced(self) -> None:
        if self._left_at is not None and self._store.ready and self._curtain.isHidden():
            self._view.select_room(self._left_at)
            self._view.setFocus()
            self._left_at = None
