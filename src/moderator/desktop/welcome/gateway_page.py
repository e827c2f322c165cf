"""The address of a gateway that runs already."""

from PySide6.QtWidgets import QWidget

from moderator.client.texts import safe
from moderator.desktop.theme.look import Look
from moderator.desktop.welcome.entry import Entry
from moderator.desktop.welcome.page import Page
from moderator.desktop.welcome.validation import is_address
from moderator.feed.addresses import is_secure
from moderator.language import tr


class GatewayPage(Page):
    """Goes on to signing in, once a gateway answers there."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        lead = tr("You sign in there next. The window opens on this gateway from now on.")
        super().__init__(tr("Where is the gateway?"), lead, tr("Connect"), parent)
        self.entry = Entry(tr("Address"), tr("Such as https://moderation.example.org"), look, self)
        self.entry.changed.connect(self._judge)
        self.body.addWidget(self.entry)
        self.body.addStretch(1)
        self._asking = False

    @property
    def url(self) -> str:
        """What was typed."""
        return self.entry.text.rstrip("/")

    @property
    def ready(self) -> bool:
        return not self._asking and is_address(self.url) and is_secure(self.url)

    def ask(self) -> None:
        """It is asked whether it is one."""
        self._asking = True
        self.changed.emit()

    def fail(self, sentence: str) -> None:
        """It is none, or cannot be asked."""
        self._asking = False
        self.entry.say(safe(sentence))
        self.changed.emit()
        self.entry.line.setFocus()

    def take_focus(self) -> None:
        self.entry.line.setFocus()

    def _judge(self) -> None:
        wrong = is_address(self.url) and not is_secure(self.url)
        self.entry.say(tr("Your token would be sent in the open: use https://") if wrong else "")
        self.changed.emit()
