"""Where the platform has to report to, and what has come of it: the last page, which goes on by itself to listen."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from moderator.client.texts import safe
from moderator.desktop.theme.look import Look
from moderator.desktop.welcome.arrival import Arrival, Stage
from moderator.desktop.welcome.entry import Entry
from moderator.desktop.welcome.page import IconLine, Page
from moderator.desktop.welcome.platforms import Platform
from moderator.desktop.welcome.validation import is_address
from moderator.desktop.widgets.announcing import announce
from moderator.desktop.widgets.labels import plain_label
from moderator.feed.addresses import is_secure
from moderator.language import tr

SETTINGS_PX: Final = 176
_SIGNS: dict[Stage, tuple[str, str]] = {
    "starting": ("loader-circle", "muted"),
    "waiting": ("loader-circle", "info"),
    "listed": ("circle-check", "live"),
    "heard": ("circle-check", "live"),
    "failing": ("circle-x", "critical"),
}


class ArrivalPage(Page):
    """Shows the address with the platform's own settings around it where it wants more."""

    public_url_given = Signal(str)
    """Platforms reach the gateway there."""

    def __init__(
        self, platform: Platform, values: Mapping[str, str], source: str, look: Look, parent: QWidget | None = None
    ) -> None:
        """`values` is what was typed, for the settings."""
        heading = tr("{platform} is connected").format(platform=platform.name)
        lead = tr("Have it report to this address: then you see at once who comes and goes.")
        super().__init__(heading, lead, tr("Show the rooms"), parent)
        self.platform, self.source = platform, source
        self._values = values
        self.address = QLineEdit(self)
        self.address.setReadOnly(True)
        self.address.setAccessibleName(tr("Webhook address"))
        self.copy = QPushButton(self._copy_verb, self)
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._copy)
        self.settings = QPlainTextEdit(self)
        self.settings.setReadOnly(True)
        self.settings.setAccessibleName(tr("Settings for {platform}").format(platform=platform.name))
        self.settings.setTabChangesFocus(True)
        self.settings.setVisible(bool(platform.settings))
        self.reach = IconLine(look, self)
        self.public = Entry(tr("Public address"), tr("Such as https://moderation.example.org"), look, self)
        self.use = QPushButton(tr("Use it"), self)
        self.use.setAutoDefault(False)
        self.use.clicked.connect(lambda: self.public_url_given.emit(self.public.text.rstrip("/")))
        self.live = IconLine(look, self)
        self._url = ""
        self._copied = False
        self._arrange()

    def show_address(self, gateway: str) -> None:
        """Platforms reach the gateway there."""
        self._url = f"{gateway.rstrip('/')}/webhooks/{self.source}"
        self.address.setText(self._url)
        self.address.setCursorPosition(0)
        self.copy.setText(self._copy_verb)
        secrets = {field.key for field in self.platform.fields if field.secret}
        shown = {key: "…" if key in secrets else text for key, text in self._values.items()}
        self.settings.setPlainText(self.platform.settings.format_map({"url": self._url, **shown}))
        reaches = not _is_here(gateway) or _is_here(self._values.get("base_url", ""))
        self.reach.setVisible(not reaches)
        self.public.setVisible(not reaches)
        self.use.setVisible(not reaches)
        self._say_reach()

    def say(self, arrival: Arrival) -> None:
        """What has come so far."""
        icon, color = _SIGNS[arrival.stage]
        if self.live.text.text() != safe(arrival.sentence):
            self.live.say(icon, color, safe(arrival.sentence), safe(arrival.hint))
            announce(self, safe(arrival.sentence), urgent=False)

    def fail(self, sentence: str) -> None:
        """The public address was not kept."""
        self.public.say(safe(sentence))

    def take_focus(self) -> None:
        if not self._copied:
            self.copy.setFocus()

    # --- how -------------------------------------------------------------------------------------------------------

    @property
    def _copy_verb(self) -> str:
        return tr("Copy with the password") if self.platform.settings else tr("Copy")

    def _copy(self) -> None:
        """The address, or all of the settings with what is hidden on the screen."""
        settings = self.platform.settings.format_map({"url": self._url, **self._values})
        QGuiApplication.clipboard().setText(settings or self._url)
        self.copy.setText(tr("Copied"))
        self._copied = True
        self.copy.clearFocus()  # the next thing to do is in the frame
        self.changed.emit()

    def _say_reach(self) -> None:
        words = tr("Only this computer can reach this address. Give the gateway a public one, such as by a tunnel.")
        hint = (
            tr("Until then rooms still appear, from the platform's lists, some seconds late.")
            if self.platform.finds_rooms
            else tr("Until then nothing is seen: {platform} has no list of rooms.").format(platform=self.platform.name)
        )
        self.reach.say("circle-alert", "warn", words, hint)

    def _judge_public(self) -> None:
        text = self.public.text
        usable = is_address(text) and is_secure(text) and not _is_here(text)
        self.use.setEnabled(usable)
        wrong = bool(text) and not usable
        self.public.say(tr("Write an address that begins with https://") if wrong else "")

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.address, 1)
        row.addWidget(self.copy)
        self.settings.setFixedHeight(SETTINGS_PX)
        self.body.addWidget(self.settings)
        self.body.addLayout(row)
        self.body.addWidget(plain_label(self, tr(self.platform.webhooks), role="muted"))
        self.body.addSpacing(4)
        self.body.addWidget(self.reach)
        self.public.changed.connect(self._judge_public)
        self.use.setEnabled(False)
        self.public.add_button(self.use)
        self.body.addWidget(self.public)
        line = QFrame(self)
        line.setProperty("role", "line")
        self.body.addSpacing(4)
        self.body.addWidget(line)
        self.body.addSpacing(4)
        self.body.addWidget(plain_label(self, tr("What has come so far"), role="heading"))
        self.body.addWidget(self.live)
        self.body.addStretch(1)


def _is_here(url: str) -> bool:
    """Whether only this machine gets there."""
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")
