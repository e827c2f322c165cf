"""One thing to type: what it is called, the line for it, and where its value is found or what is wrong with it."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.labels import plain_label, restyle
from moderator.language import tr

MOST_BYTES: Final = 64 * 1024
"""Of a file with a key in it."""


class Entry(QWidget):
    """A labelled line. Secrets are dots until somebody wants to see them."""

    changed = Signal()

    def __init__(
        self,
        label: str,
        note: str,
        look: Look,
        parent: QWidget | None = None,
        *,
        secret: bool = False,
        from_file: bool = False,
    ) -> None:
        super().__init__(parent)
        self._look, self._note_text = look, note
        self._is_secret = secret
        self.line = QLineEdit(self)
        self.line.setAccessibleName(label)
        self.line.textChanged.connect(self.changed)
        self._note = plain_label(self, role="muted")
        self.reveal = QToolButton(self)
        self.file_button = QPushButton(tr("Choose a file…"), self)
        self.file_button.setAutoDefault(False)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        for part, shown in ((self.line, True), (self.reveal, secret), (self.file_button, from_file)):
            self._row.addWidget(part)
            part.setVisible(shown)
        self._row.setStretch(0, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 8)
        rows.setSpacing(4)
        caption = plain_label(self, label, role="heading")
        caption.setBuddy(self.line)
        rows.addWidget(caption)
        rows.addLayout(self._row)
        rows.addWidget(self._note)
        self._connect()
        self.say("")

    def add_button(self, button: QPushButton) -> None:
        """Beside the line."""
        self._row.addWidget(button)

    @property
    def text(self) -> str:
        """What was typed, without what stands around it by accident."""
        return self.line.text().strip()

    def say(self, problem: str) -> None:
        """What is wrong, in the place of where the value is found; empty: nothing is."""
        self._note.setText(problem or self._note_text)
        self._note.setVisible(bool(self._note.text()))
        self._note.setProperty("role", "" if problem else "muted")
        self._note.setProperty("level", "critical" if problem else "")
        restyle(self._note)
        self.line.setAccessibleDescription(problem or self._note_text)

    def forget_secret(self) -> None:
        """Of a secret nothing stays here, not even for undoing; nobody is told."""
        if self._is_secret:
            self.blockSignals(True)
            self.line.setText("")
            self.blockSignals(False)

    # --- how -------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.reveal.setCheckable(True)
        self.reveal.toggled.connect(self._show_as)
        self.file_button.clicked.connect(self._choose_file)
        if self._is_secret:
            self._look.changed.connect(self._draw_icon)
            self._show_as(False)

    def _show_as(self, readable: bool) -> None:
        """Readable, or as dots."""
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if readable else QLineEdit.EchoMode.Password)
        name = self.line.accessibleName()
        words = tr("Hide: {field}") if readable else tr("Show: {field}")
        self.reveal.setAccessibleName(words.format(field=name))
        self.reveal.setToolTip(plain_tip(self.reveal.accessibleName()))
        self._draw_icon()

    def _draw_icon(self) -> None:
        self.reveal.setIcon(self._look.icon("eye-off" if self.reveal.isChecked() else "eye", "muted"))

    def _choose_file(self) -> None:
        """Qt's own dialog: it is opened, not waited for, and so is any that the system has."""
        dialog = QFileDialog(self.window(), tr("The file with the key"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.read_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def read_file(self, name: str) -> None:
        """Take what is in a file."""
        try:
            with Path(name).open("rb") as file:
                self.line.setText(file.read(MOST_BYTES).decode("utf-8").strip())
        except OSError as error:
            self.say(tr("{file} cannot be read: {why}").format(file=name, why=error.strerror or error))
        except UnicodeDecodeError:
            self.say(tr("{file} is not text").format(file=name))
