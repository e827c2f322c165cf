"""Which platform: a card for each."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from moderator.desktop.theme.look import Look
from moderator.desktop.welcome.page import ChoiceCard, Page
from moderator.desktop.welcome.platforms import PLATFORMS, Platform
from moderator.language import tr


class PlatformPage(Page):
    """Choosing goes on at once."""

    chosen = Signal(object)
    """`Platform`."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(tr("Which platform?"), tr("More can be connected later."), parent=parent)
        self.cards: dict[str, ChoiceCard] = {}
        for one in PLATFORMS:
            card = ChoiceCard("video", one.name, tr(one.line), look, self)
            card.clicked.connect(lambda _, one=one: self._choose(one))
            self.cards[one.provider] = card
            self.body.addWidget(card)
        self.body.addStretch(1)
        self._last = self.cards[PLATFORMS[0].provider]

    def take_focus(self) -> None:
        self._last.setFocus()

    def _choose(self, platform: Platform) -> None:
        self._last = self.cards[platform.provider]
        self.chosen.emit(platform)
