"""The About window: versions and folders on one page, whose work the program is made of on the other."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QLocale, Qt, QUrl, Signal, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from moderator.client.me import Me
from moderator.client.versions import about_versions
from moderator.desktop.about.about_facts import PARTS, Places, folders, report, versions
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.resources import resource
from moderator.desktop.widgets.icon_button import IconButton
from moderator.desktop.widgets.labels import plain_label
from moderator.language import tr

MARGIN_PX: Final = 20
_SELECTABLE: Final = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class AboutWindow(QDialog):
    """Esc or Enter closes it."""

    folder_wanted = Signal(object)
    """`Path`: show it in the system's file manager."""

    def __init__(self, me: Me | None, places: Places, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._me = me
        self._places = places
        self._look = look
        self.setWindowTitle(tr("About Moderator"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.copy_button = IconButton(look, tr("Copy for a report"), self, icon="copy")
        self.copy_button.clicked.connect(self._copy)
        self._copied = plain_label(self, role="muted")
        self.close_button = QPushButton(tr("Close"), self)
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        self.folder_wanted.connect(lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
        self._arrange()
        self.resize(600, 480)

    def _arrange(self) -> None:
        tabs = QTabWidget(self)
        tabs.setAccessibleName(tr("About Moderator"))
        tabs.addTab(self._program(), tr("Program"))
        tabs.addTab(self._licences(), tr("Licences"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self._copied, 1)
        buttons.addWidget(self.close_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        rows.setSpacing(12)
        rows.addWidget(plain_label(self, "Moderator", role="title"))
        rows.addWidget(tabs, 1)
        rows.addLayout(buttons)

    def _program(self) -> QWidget:
        page = QWidget(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        told = versions(qVersion() or "?", self._me)
        for row, (name, value) in enumerate(told):
            grid.addWidget(plain_label(page, name, role="muted"), row, 0)
            grid.addWidget(_value(page, name, value), row, 1, 1, 2)
        grid.setRowMinimumHeight(len(told), 8)
        for row, (name, path) in enumerate(folders(self._places), len(told) + 1):
            grid.addWidget(plain_label(page, name, role="muted"), row, 0)
            grid.addWidget(_value(page, name, str(path)), row, 1)
            grid.addWidget(self._open_button(page, name, path), row, 2)
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addLayout(grid)
        if self._me is not None and (words := about_versions(self._me)):
            note = plain_label(page, words)
            note.setProperty("level", "info")
            column.addWidget(note)
        column.addStretch()
        return page

    def _open_button(self, page: QWidget, name: str, path: Path) -> QPushButton:
        button = IconButton(self._look, tr("Open folder"), page, icon="folder-open")
        button.setAccessibleName(tr("Open folder: {name}").format(name=name))
        button.clicked.connect(lambda: self.folder_wanted.emit(path))
        if not path.is_dir():
            button.setEnabled(False)
            button.setToolTip(tr("There is no such folder yet."))
        return button

    def _licences(self) -> QWidget:
        page = QWidget(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, part in enumerate(PARTS):
            for column, (words, role) in enumerate(
                ((part.name, "heading"), (tr(part.what), ""), (part.licence, "muted"))
            ):
                grid.addWidget(plain_label(page, words, role=role), row, column)
        texts = QPlainTextEdit(page)
        texts.setReadOnly(True)
        texts.setTabChangesFocus(True)
        texts.setAccessibleName(tr("Texts of the licences"))
        files = [resource(part.file).read_text("utf-8").strip() for part in PARTS if part.file]
        texts.setPlainText("\n\n\n".join(files))
        column_ = QVBoxLayout(page)
        column_.setContentsMargins(16, 16, 16, 16)
        column_.setSpacing(12)
        own = tr("Moderator itself is under the Apache License 2.0. It is made with the work of others:")
        column_.addWidget(plain_label(page, own))
        column_.addLayout(grid)
        column_.addWidget(texts, 1)
        return page

    def _copy(self) -> None:
        words = report(qVersion() or "?", self._me, self._places, language=QLocale().name())
        QGuiApplication.clipboard().setText(words)
        self._copied.setText(tr("Copied. It names no person, room or token."))


def _value(parent: QWidget, name: str, value: str) -> QLabel:
    """A value that can be selected, also by keyboard."""
    label = plain_label(parent, value)
    label.setTextInteractionFlags(_SELECTABLE)
    label.setAccessibleName(f"{name}: {value}")
    return label
