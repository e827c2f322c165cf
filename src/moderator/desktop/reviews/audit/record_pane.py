"""One record, whole and readable, and copied with a press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from moderator.desktop.reviews.audit.record_texts import FindRoom, as_text, details, members, what
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.action_button import ActionButton
from moderator.desktop.widgets.labels import plain_label
from moderator.language import tr

if TYPE_CHECKING:
    from moderator.client.audit import Audited

WIDTH_PX: Final = 360
_SELECTABLE: Final = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class RecordPane(QWidget):
    """Beside the table."""

    def __init__(self, look: Look, find_room: FindRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find_room = find_room
        self._record: Audited | None = None
        self._title = plain_label(self, role="heading")
        self._fields = QFormLayout()
        self._data = QPlainTextEdit(self)
        self.copy_button = ActionButton(
            look, tr("Copy"), self, icon="copy", kind="quiet", tip=tr("Copy the whole record as text")
        )
        self.copy_button.clicked.connect(self.copy)
        self._arrange()
        self.show_record(None)

    def show_record(self, record: Audited | None) -> None:
        """This one, or that none is selected."""
        self._record = record
        self._title.setText(what(record, self._find_room) if record else tr("Select a record to read all of it."))
        self.copy_button.allow("" if record else tr("Select a record first."))
        self._data.setVisible(record is not None)
        self._data.setPlainText(members(record) if record else "")
        while self._fields.rowCount():
            self._fields.removeRow(0)
        for name, value in details(record) if record else ():
            self._fields.addRow(plain_label(self, name, role="muted"), self._value(name, value))

    def copy(self) -> None:
        """The whole record to the clipboard."""
        if self._record is not None:
            QGuiApplication.clipboard().setText(as_text(self._record, self._find_room))

    def _value(self, name: str, value: str) -> QLabel:
        label = plain_label(self, value)
        label.setTextInteractionFlags(_SELECTABLE)
        label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # else Tab would stop at each of them
        label.setAccessibleName(f"{name}: {value}")
        label.setMinimumWidth(0)
        return label

    def _arrange(self) -> None:
        self._data.setReadOnly(True)
        self._data.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._data.setAccessibleName(tr("Data of the record"))
        self._data.setTabChangesFocus(True)
        self._data.setMinimumHeight(96)
        self._fields.setHorizontalSpacing(16)
        self._fields.setVerticalSpacing(6)
        self._fields.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        title = QHBoxLayout()
        title.addWidget(self._title, 1)
        title.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignTop)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 8, 16, 12)
        rows.setSpacing(12)
        rows.addLayout(title)
        rows.addLayout(self._fields)
        rows.addWidget(self._data, 1)
        rows.addStretch()
        self.setMinimumWidth(WIDTH_PX)
