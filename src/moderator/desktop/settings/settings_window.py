"""The window of settings: pages side by side. What a page changes counts at once; there is nothing to confirm."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from moderator.language import tr


class SettingsWindow(QDialog):
    """Esc or Enter closes it."""

    def __init__(self, pages: Sequence[QWidget], parent: QWidget | None = None) -> None:
        """Each page's window title is the name of its tab."""
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        tabs = QTabWidget(self)
        tabs.setAccessibleName(tr("Settings"))
        for page in pages:
            tabs.addTab(page, page.windowTitle())
        close = QPushButton(tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 20, 20, 20)
        rows.setSpacing(12)
        rows.addWidget(tabs, 1)
        rows.addLayout(buttons)
        self.resize(640, 560)
