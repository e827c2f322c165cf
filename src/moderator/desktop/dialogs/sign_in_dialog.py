"""Sign in: a code to be approved on another screen, or a token that somebody was given. It asks nobody itself."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from moderator.client.texts import safe
from moderator.desktop.dialogs.decision_dialog import PADDING_PX, WIDTH_PX
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.labels import plain_label
from moderator.language import ntr, tr

MAX_TOKEN_CHARACTERS: Final = 8192


class SignInDialog(QDialog):
    """Opened with `open()`; give it a parent, as it deletes itself when it is closed."""

    code_wanted = Signal()
    """A new code, since the one before leads nowhere any more."""
    page_wanted = Signal(str)
    """Open this address in the browser."""
    token_given = Signal(str)

    def __init__(self, host: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._address = ""
        title = tr("Sign in at {host}").format(host=safe(host))
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH_PX)
        self._heading = plain_label(self, title, role="title")
        self._lead = plain_label(self)
        self._page = plain_label(self, role="heading")
        self._code = plain_label(self)
        self._code.setFont(look.font("clock_small", "semibold"))
        for label in (self._page, self._code):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open_button = QPushButton(tr("Open the page"), self)
        self.open_button.setProperty("kind", "primary")
        self.copy_button = QPushButton(tr("Copy the code"), self)
        self.again_button = QPushButton(tr("Get a new code"), self)
        self._progress = plain_label(self, role="muted")
        self._problem = plain_label(self)
        self._problem.setProperty("level", "critical")
        self.token_field = QLineEdit(self)
        self.use_button = QPushButton(tr("Use it"), self)
        self.cancel_button = QPushButton(tr("Not now"), self)
        self._arrange()
        self._connect()
        self.ask_for_code()

    # --- what is told to it ----------------------------------------------------------------------------------------

    def ask_for_code(self) -> None:
        """A code is being asked for."""
        self._lead.setText(tr("Asking the gateway for a code…"))
        self._show_parts(code=False)

    def show_code(self, user_code: str, address: str, expires_in_s: float) -> None:
        """This is the code; `address` was checked to be a page."""
        self._address = address
        self._lead.setText(tr("Open this page, here or on another device. It says what to do with the code:"))
        self._page.setText(safe(address))
        self._code.setText(safe(user_code))
        self._code.setAccessibleName(tr("Code: {code}").format(code=" ".join(safe(user_code))))
        minutes = max(1, round(expires_in_s / 60))
        words = ntr(
            "Waiting for approval. You can also read the code out to whoever manages access. "
            "It counts for {count} min.",
            "Waiting for approval. You can also read the code out to whoever manages access. "
            "It counts for {count} min.",
            minutes,
        )
        self._progress.setText(words.format(count=minutes))
        self._show_parts(code=True)
        self.open_button.setFocus()

    def code_failed(self, sentence: str, *, again: bool = True) -> None:
        """The code leads nowhere; `again`: another one may."""
        self._lead.setText(safe(sentence))
        self._show_parts(code=False, again=again)
        (self.again_button if again else self.token_field).setFocus()

    def token_failed(self, sentence: str) -> None:
        """The gateway does not take the token."""
        self._problem.setText(safe(sentence))
        self._problem.show()
        self.token_field.setEnabled(True)
        self.token_field.selectAll()
        self.token_field.setFocus()
        self._on_token_typed()
        self._fit()

    # --- how -------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _show_parts(self, *, code: bool, again: bool = False) -> None:
        for part in (self._page, self._code, self.open_button, self.copy_button, self._progress):
            part.setVisible(code)
        self.again_button.setVisible(again)
        self._fit()

    def _fit(self) -> None:
        """As high as the text needs: a window does not ask labels how high they are when they wrap."""
        layout = self.layout()
        if layout is not None and self.isVisible():
            layout.activate()
            self.setFixedSize(WIDTH_PX, layout.totalHeightForWidth(WIDTH_PX))

    def _connect(self) -> None:
        self._look.changed.connect(self._dress)
        self._dress()
        self.open_button.clicked.connect(lambda: self.page_wanted.emit(self._address))
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._code.text()))
        self.again_button.clicked.connect(self._on_again)
        self.token_field.textChanged.connect(self._on_token_typed)
        self.token_field.returnPressed.connect(self.use_button.click)
        self.use_button.clicked.connect(self._on_use)
        self.cancel_button.clicked.connect(self.reject)

    def _dress(self) -> None:
        self.copy_button.setIcon(self._look.icon("copy", "muted"))
        self.again_button.setIcon(self._look.icon("refresh-cw", "muted"))

    def _on_again(self) -> None:
        self.ask_for_code()
        self.code_wanted.emit()

    def _on_token_typed(self) -> None:
        token = self.token_field.text().strip()
        is_one_word = bool(token) and token.isascii() and token.isprintable() and " " not in token
        self.use_button.setEnabled(self.token_field.isEnabled() and is_one_word)

    def _on_use(self) -> None:
        self._problem.hide()
        self.token_field.setEnabled(False)
        self.use_button.setEnabled(False)
        self._fit()
        self.token_given.emit(self.token_field.text().strip())

    def _arrange(self) -> None:
        self.token_field.setEchoMode(QLineEdit.EchoMode.Password)
        self.token_field.setMaxLength(MAX_TOKEN_CHARACTERS)
        self.token_field.setAccessibleName(tr("A token that you were given"))
        self.use_button.setEnabled(False)
        self._problem.hide()
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter in the field is for the field
        line = QFrame(self)
        line.setProperty("role", "line")
        given = plain_label(self, tr("Or paste a token that you were given:"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        rows.setSpacing(12)
        for label in (self._heading, self._lead, self._page, self._code):
            rows.addWidget(label)
        code_row = _row(self.open_button, self.copy_button, self.again_button)
        code_row.addStretch(1)
        rows.addLayout(code_row)
        for part in (self._progress, line, given):
            rows.addWidget(part)
        token_row = _row(self.token_field, self.use_button)
        token_row.setStretch(0, 1)
        rows.addLayout(token_row)
        rows.addWidget(self._problem)
        rows.addWidget(self.cancel_button, 0, Qt.AlignmentFlag.AlignRight)


def _row(*parts: QWidget) -> QHBoxLayout:
    """Side by side from the left."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part)
    return row
