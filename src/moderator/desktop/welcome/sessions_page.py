"""How long sessions last, and what is done at their end: enough for a first type of room."""

from typing import Final

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSpinBox, QVBoxLayout, QWidget

from moderator.desktop.welcome.page import Page
from moderator.desktop.widgets.labels import plain_label
from moderator.language import ntr, tr

MINUTES: Final = (30, 45, 50, 60)
USUAL: Final = 60
CUSTOM: Final = 1
"""Of the choices, the one whose minutes are typed."""
MOST: Final = 24 * 60
SPACE_PX: Final = 6
"""Beside the minutes, as in other lines."""


class SessionsPage(Page):
    """Whatever is chosen can be changed in the configuration; nobody is disconnected unless that is chosen here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        lead = tr("You are warned 5 minutes, 1 minute and 20 seconds before the end, and can add time.")
        super().__init__(tr("How long do sessions last?"), lead, tr("Check the account"), parent)
        self.lengths = QButtonGroup(self)
        self._ends = QButtonGroup(self)
        lengths = QVBoxLayout()
        for minutes in MINUTES:
            words = ntr("{count} minute", "{count} minutes", minutes).format(count=minutes)
            lengths.addWidget(self._radio(words, self.lengths, minutes))
        lengths.addLayout(self._custom_length())
        lengths.addWidget(self._radio(tr("No limit"), self.lengths, 0))
        self.body.addLayout(lengths)
        self.body.addSpacing(16)
        self.body.addWidget(plain_label(self, tr("When the time is up"), role="heading"))
        column = QVBoxLayout()
        self.only_warns = self._radio(tr("Say so, and leave it to the moderator"), self._ends, 0)
        self.disconnects = self._radio(tr("Disconnect whoever is still there"), self._ends, 1)
        for one in (self.only_warns, self.disconnects):
            column.addWidget(one)
        self.body.addLayout(column)
        self.body.addStretch(1)
        self.lengths.idToggled.connect(lambda *_: self._follow())
        self.lengths.button(USUAL).setChecked(True)
        self.only_warns.setChecked(True)

    @property
    def minutes(self) -> int | None:
        """None: sessions have no end."""
        chosen = self.lengths.checkedId()
        return (self.custom.value() if chosen == CUSTOM else chosen) or None

    @property
    def disconnects_at_end(self) -> bool:
        """Whether whoever is left is disconnected."""
        return self.minutes is not None and self.disconnects.isChecked()

    def take_focus(self) -> None:
        self.lengths.button(self.lengths.checkedId()).setFocus()

    def _custom_length(self) -> QHBoxLayout:
        """Whoever types a number means it."""
        radio = self._radio(tr("Custom…"), self.lengths, CUSTOM)
        self.custom = QSpinBox(self)
        self.custom.setRange(1, MOST)
        self.custom.setValue(USUAL)
        self.custom.setAccessibleName(self.heading)
        self.custom.lineEdit().setTextMargins(SPACE_PX, 0, SPACE_PX, 0)
        before, _, behind = tr("{minutes} min").partition("{minutes}")
        self.custom.setPrefix(before)
        self.custom.setSuffix(behind)
        self.custom.valueChanged.connect(lambda _: radio.setChecked(True))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(radio)
        row.addWidget(self.custom)
        row.addStretch(1)
        return row

    def _radio(self, words: str, group: QButtonGroup, id_: int) -> QRadioButton:
        radio = QRadioButton(words, self)
        group.addButton(radio, id_)
        return radio

    def _follow(self) -> None:
        for one in (self.only_warns, self.disconnects):
            one.setEnabled(self.minutes is not None)
