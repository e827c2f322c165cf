"""The frame of the welcome: heading, the page that is shown, and the buttons below it."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from moderator.desktop.dialogs.decision_dialog import PADDING_PX
from moderator.desktop.welcome.entry import Entry
from moderator.desktop.welcome.page import Page
from moderator.desktop.widgets.labels import plain_label, restyle
from moderator.language import tr

SIZE: Final = QSize(600, 552)
MARGIN_PX: Final = 12
"""Left of the window around it, where that is small."""


class WelcomeDialog(QDialog):
    """Keeps the pages that were left, with what was typed there, for who goes back."""

    left = Signal()
    """Somebody went back."""
    quit_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._pages: list[Page] = []
        self._heading = plain_label(self, role="title")
        self._lead = plain_label(self, role="muted")
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.back_button = QPushButton(self)
        self.close_button = QPushButton(tr("Not now"), self)
        self.verb_button = QPushButton(self)
        self._arrange()
        self.back_button.clicked.connect(self.back)
        self.close_button.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Q"), self, self.quit_wanted.emit)  # the window's own keys rest below a dialog
        self.verb_button.clicked.connect(lambda: self.page.go_on() if self.page.ready else None)

    @property
    def page(self) -> Page:
        """The one that is shown."""
        return self._pages[-1]

    def show_page(self, page: Page, *, final: bool = False) -> None:
        """Go on to a page; from a `final` one there is no way back."""
        self._put_away()
        if final:
            for one in self._pages:
                one.deleteLater()
            self._pages.clear()
        self._pages.append(page)
        self.close_button.setVisible(not final)
        self._put_up()

    def done(self, result: int) -> None:
        """Closed, in whichever way."""
        for entry in self.findChildren(Entry):
            entry.forget_secret()
        super().done(result)

    def back(self) -> None:
        """To the page before, or to the one that this page leads back to."""
        if len(self._pages) > 1:
            self._put_away()
            to = self.page.back_to or self._pages[-2]
            while self.page is not to:
                self._pages.pop().deleteLater()
            self.left.emit()
            self._put_up()

    # --- how -------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        around = self._over.geometry()
        self.setFixedSize(SIZE.boundedTo(around.size() - QSize(2 * MARGIN_PX, 2 * MARGIN_PX)))
        self.move(around.center() - self.rect().center())
        self._focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._enter()

    def _enter(self) -> None:
        """Presses what has the focus, else goes on, or to the next that is to be filled in."""
        focused = self.focusWidget()
        if isinstance(focused, QPushButton):
            focused.click()
        elif self.verb_button.isEnabled():
            self.verb_button.click()
        else:
            self.page.take_focus()

    def _put_away(self) -> None:
        if self._area.widget() is not None:
            self.page.changed.disconnect(self._follow)
            self._area.takeWidget()
            self.page.setParent(self)  # it goes with the dialog
            self.page.hide()  # also where the dialog itself is not shown yet

    def _put_up(self) -> None:
        page = self.page
        page.changed.connect(self._follow)
        self._area.setWidget(page)
        page.show()
        self._heading.setText(page.heading)
        self.setWindowTitle(page.heading)
        self._lead.setText(page.lead)
        self._lead.setVisible(bool(page.lead))
        self._area.verticalScrollBar().setValue(0)
        self._follow()
        self._focus()

    def _follow(self) -> None:
        """The buttons as the page has them now."""
        page = self.page
        self.back_button.setVisible(len(self._pages) > 1 and bool(page.back_verb))
        self.back_button.setText(page.back_verb)
        self.verb_button.setVisible(bool(page.verb))
        self.verb_button.setText(page.verb)
        self.verb_button.setEnabled(page.ready)
        kind = "primary" if page.sure else ""
        if self.verb_button.property("kind") != kind:
            self.verb_button.setProperty("kind", kind)
            restyle(self.verb_button)
        if page.ready and not page.isAncestorOf(self.focusWidget()):
            self._focus()

    def _focus(self) -> None:
        """To what the page asks for, else to what is to be done now."""
        (self.verb_button if self.page.sure else self.back_button).setFocus()
        self.page.take_focus()

    def _arrange(self) -> None:
        for button in (self.back_button, self.close_button, self.verb_button):
            button.setAutoDefault(False)
        self.back_button.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.back_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.verb_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        rows.setSpacing(8)
        rows.addWidget(self._heading)
        rows.addWidget(self._lead)
        rows.addSpacing(8)
        rows.addWidget(self._area, 1)
        rows.addSpacing(4)
        rows.addLayout(buttons)
