"""The button that takes a copy: asks for the form, then for the place. Nothing waits for the answer."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from moderator.feed.audit import Format
from moderator.language import marked, tr

FORMS: Final[dict[Format, str]] = {"csv": marked("CSV, for spreadsheets"), "jsonl": marked("JSON Lines, for programs")}


class ExportButton(QPushButton):
    """Opens a menu."""

    file_chosen = Signal(object, str)
    """`Path` and format."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(tr("Export…"))
        self.setToolTip(tr("Save what is looked for as a file"))
        menu = QMenu(self)
        for format_, words in FORMS.items():
            action = QAction(tr("{form}…").format(form=tr(words)), menu)
            action.triggered.connect(lambda _=False, format_=format_: self.ask_where(format_))
            menu.addAction(action)
        self.setMenu(menu)

    def ask_where(self, format_: Format) -> None:
        """Ask for the place alone: the form is known."""
        dialog = QFileDialog(self.window(), tr("Export the audit"), "", f"{tr(FORMS[format_])} (*.{format_})")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(format_)
        dialog.selectFile(f"audit.{format_}")
        dialog.fileSelected.connect(lambda chosen: self.file_chosen.emit(Path(chosen), format_))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
