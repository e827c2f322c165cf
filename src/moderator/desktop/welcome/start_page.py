"""The first page: what somebody may want who opens the window for the first time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from moderator.desktop.theme.look import Look
from moderator.desktop.welcome.page import ChoiceCard, Page
from moderator.language import tr


class StartPage(Page):
    """Three ways to go. A platform comes first: that is what the program is for."""

    platform_wanted = Signal()
    demo_wanted = Signal()
    gateway_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        lead = tr("Every live room of your video platforms in one window: who is in it, and how long it has left.")
        super().__init__(tr("Welcome to Moderator"), lead, parent=parent)
        self.platform = ChoiceCard(
            "plug", tr("Connect a platform"), tr("Its rooms are here in about a minute."), look, self
        )
        self.demo = ChoiceCard(
            "play",
            tr("Look around"),
            tr("Twenty simulated rooms; nothing of them is kept."),
            look,
            self,
        )
        self.gateway = ChoiceCard(
            "server", tr("Use a gateway that runs already"), tr("Your team gave you its address."), look, self
        )
        for card, wanted in (
            (self.platform, self.platform_wanted),
            (self.demo, self.demo_wanted),
            (self.gateway, self.gateway_wanted),
        ):
            card.clicked.connect(lambda _, wanted=wanted: wanted.emit())
            self.body.addWidget(card)
        self.body.addStretch(1)
        self.first = self.platform
        """What has the focus when the page is shown."""

    def take_focus(self) -> None:
        self.first.setFocus()
