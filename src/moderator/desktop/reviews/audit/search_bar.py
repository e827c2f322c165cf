"""What is looked for in the audit: words, and who, where, what and when.

Words are asked for when Enter is pressed, since each look is itself recorded with what was looked for.
"""

from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QDateTime, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from moderator.client.texts import safe
from moderator.desktop.reviews.audit.record_texts import outcome_word
from moderator.desktop.reviews.review_window import EDGE_PX
from moderator.domain.events import KINDS
from moderator.feed.audit import OUTCOMES
from moderator.language import marked, tr

HOUR_MS: Final = 3_600_000
BETWEEN: Final = -1
TEXT_PX: Final = 7
_SPANS: Final = (
    *((marked("Any time"), 0), (marked("Last hour"), 1), (marked("Last 24 hours"), 24)),
    *((marked("Last 7 days"), 168), (marked("Last 30 days"), 720), (marked("Between…"), BETWEEN)),
)
"""Words, and how many hours."""
MAX_CHARACTERS: Final = 200
"""As many as the gateway takes."""


class SearchBar(QWidget):
    """Nothing is asked while somebody types."""

    search_wanted = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self.text = self._field(tr("Search in what records say, then press Enter"))
        self.moderator = self._field(tr("Moderator"))
        self.person = self._field(tr("Person (user id)"))
        self.room = self._field(tr("Room"))
        self.source = self._choice(tr("Source"), [(tr("Any source"), "")])
        self.outcome = self._choice(
            tr("Outcome"), [(tr("Any outcome"), ""), *((outcome_word(one), one) for one in OUTCOMES)]
        )
        kinds = ((kind.replace("_", " "), kind) for kind in sorted(KINDS))
        self.kind = self._choice(tr("Kind of record"), [(tr("Any kind"), ""), *kinds])
        self.span = self._choice(tr("Time"), [(tr(words), hours) for words, hours in _SPANS])
        self.begin, self.end = self._moment(tr("From")), self._moment(tr("To"))
        self.clear_button = QPushButton(tr("Clear"), self)
        self.clear_button.setProperty("kind", "quiet")
        self.clear_button.clicked.connect(self.clear)
        self._between = self._make_between()
        self._arrange()
        self._changed()

    @property
    def filters(self) -> dict[str, str | int]:
        """Parameters of `GET /v1/audit`; what is not asked for is left out."""
        asked: dict[str, str | int] = {
            "text": self.text.text().strip(),
            "moderator": self.moderator.text().strip(),
            "person": self.person.text().strip(),
            "room": self.room.text().strip(),
            "source": self.source.currentData(),
            "outcome": self.outcome.currentData(),
            "kind": self.kind.currentData(),
            **self._times(),
        }
        return {name: value for name, value in asked.items() if value not in ("", None)}

    def offer_sources(self, names: Iterable[str]) -> None:
        """These can be chosen; what is chosen stays so while it is there."""
        chosen = self.source.currentData()
        with QSignalBlocker(self.source):
            while self.source.count() > 1:
                self.source.removeItem(1)
            for name in sorted(names):
                self.source.addItem(safe(name), name)
            self.source.setCurrentIndex(max(0, self.source.findData(chosen)))

    def clear(self) -> None:
        """Look for everything again."""
        for field in (self.text, self.moderator, self.person, self.room):
            field.clear()
        for choice in (self.source, self.outcome, self.kind, self.span):
            with QSignalBlocker(choice):
                choice.setCurrentIndex(0)
        self._search()

    # --- how -------------------------------------------------------------------------------------------------------

    def _times(self) -> dict[str, int]:
        hours = self.span.currentData()
        if hours == BETWEEN:
            begin, end = (one.dateTime().toMSecsSinceEpoch() for one in (self.begin, self.end))
            return {"from": begin, "to": end + 60_000}  # the minute that is named is meant too
        return {"from": self._now_ms() - hours * HOUR_MS} if hours else {}

    def _search(self) -> None:
        self._changed()
        self.search_wanted.emit()

    def _changed(self) -> None:
        self._between.setVisible(self.span.currentData() == BETWEEN)
        self.clear_button.setEnabled(bool(self.filters))

    def _on_span(self) -> None:
        if self.span.currentData() == BETWEEN:
            now = QDateTime.fromMSecsSinceEpoch(self._now_ms())
            for edit, moment in ((self.begin, now.addDays(-1)), (self.end, now)):
                with QSignalBlocker(edit):
                    edit.setDateTime(moment)
        self._search()

    def _field(self, words: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(words)
        field.setAccessibleName(words)
        field.setMaxLength(MAX_CHARACTERS)
        field.returnPressed.connect(self._search)
        return field

    def _choice(self, name: str, entries: list[tuple[str, str]] | list[tuple[str, int]]) -> QComboBox:
        choice = QComboBox(self)
        choice.setAccessibleName(name)
        choice.setMaxVisibleItems(16)
        for words, value in entries:
            choice.addItem(words, value)
        return choice

    def _moment(self, name: str) -> QDateTimeEdit:
        edit = QDateTimeEdit(self)
        edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # a moment is never mirrored, and Qt would
        edit.setAccessibleName(name)
        edit.setDisplayFormat("yyyy-MM-dd HH:mm")
        edit.lineEdit().setTextMargins(TEXT_PX, 0, TEXT_PX, 0)  # which a stylesheet does not reach in these
        edit.setKeyboardTracking(False)  # told when it is complete
        edit.editingFinished.connect(self._search)
        return edit

    def _make_between(self) -> QWidget:
        between = QWidget(self)
        row = QHBoxLayout(between)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        until = QLabel(tr("to"), between)
        until.setProperty("role", "muted")
        for widget in (self.begin, until, self.end):
            row.addWidget(widget)
        return between

    def _arrange(self) -> None:
        for field in (self.text, self.moderator, self.person, self.room):
            field.textChanged.connect(self._changed)
        for choice in (self.source, self.outcome, self.kind):
            choice.currentIndexChanged.connect(self._search)
        self.span.currentIndexChanged.connect(self._on_span)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(8)
        first.addWidget(self.text, 3)
        first.addWidget(self.moderator, 1)
        first.addWidget(self.person, 1)
        first.addWidget(self.room, 1)
        for widget in (self.source, self.outcome, self.kind, self.span, self._between):
            second.addWidget(widget)
        second.addStretch(1)
        second.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignRight)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(EDGE_PX, 0, EDGE_PX, 12)
        rows.setSpacing(8)
        rows.addLayout(first)
        rows.addLayout(second)
