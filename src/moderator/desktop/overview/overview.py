"""The band above the table where there are many rooms. What is pressed in it becomes the table's filter."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from moderator.desktop.census.parts import Part
from moderator.desktop.live_store import LiveStore
from moderator.desktop.overview.figure_button import BarButton, FigureButton
from moderator.desktop.overview.figure_words import BUCKET_WORDS, bucket_spoken, coverage, need_spoken, sources_words
from moderator.desktop.pace import Pace
from moderator.desktop.tables.arrangement import FilterName
from moderator.desktop.theme.look import Look
from moderator.language import marked, tr

Choice = FilterName | Part
"""What a table can show: the rooms of a chip, or a part of all."""
NEEDS: Final[tuple[tuple[str, Choice, str, str, str], ...]] = (
    ("live", "all", marked("live"), "radio", "text"),
    ("ending", "ending", marked("ending in 5 min"), "clock-alert", "warn"),
    ("unowned", Part("unowned"), marked("of them unowned"), "user", "critical"),
    ("unacknowledged", Part("unacknowledged"), marked("unanswered > 20 s"), "bell-ring", "critical"),
    ("violations", "violations", marked("violations"), "shield-alert", "critical"),
    ("stale", "stale", marked("stale"), "wifi-off", "stale"),
)
"""Of each number: its name in `Figures`, what shows these rooms, its word, icon, and the level where there are any."""
_LEVELS: Final = ("critical", "warn")
"""Of the first bars; the others are calm."""
LEFT_PX, GAP_PX, RIGHT_PX = 8, 16, 16
BESIDE_PX: Final = LEFT_PX + GAP_PX + RIGHT_PX
"""What is empty in it at least."""


class Overview(QFrame):
    """Shows the store's counts. Give it the seconds."""

    chosen = Signal(object)
    """`Choice`: show these rooms."""

    def __init__(self, store: LiveStore, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self.setAccessibleName(tr("Overview"))
        self._needs = {name: FigureButton(look, tr(word), icon, level, self) for name, _, word, icon, level in NEEDS}
        self._bars = [
            BarButton(look, tr(word), _LEVELS[place] if place < len(_LEVELS) else "", self)
            for place, word in enumerate(BUCKET_WORDS)
        ]
        self._choices: dict[Choice, FigureButton | BarButton] = {
            **{choice: self._needs[name] for name, choice, *_ in NEEDS},
            **{Part("ends", bucket=place): bar for place, bar in enumerate(self._bars)},
        }
        self._sources, self._coverage = _muted(self), _muted(self)
        self._histogram, self._aside = QWidget(self), QWidget(self)
        self._arrange()
        for choice, button in self._choices.items():
            button.clicked.connect(lambda _=False, choice=choice: self._on_clicked(choice))
        self._pace = Pace(store, self.second, self)
        store.replaced.connect(self._pace.ask)
        store.rooms_updated.connect(self._pace.ask)
        self.refresh()

    def show_chosen(self, choice: Choice) -> None:
        """What the table shows now."""
        for one, button in self._choices.items():
            button.setChecked(one == choice and choice != "all")

    def second(self) -> None:
        """Time has passed, or rooms have changed."""
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Show the counts as they are."""
        found = self._store.figures
        on_duty = len(self._store.on_duty)
        counts: Mapping[str, int] = {name: getattr(found, name) for name in self._needs}
        for name, button in self._needs.items():
            button.show_count(counts[name], need_spoken(name, counts[name]))
        for place, bar in enumerate(self._bars):
            count = found.buckets[place]
            bar.show_count(count, max(found.buckets), bucket_spoken(place, count))
        self._sources.setText(sources_words(found.sources))
        self._coverage.setText(coverage(found, on_duty))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    # --- how -------------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        """The numbers first, then the histogram, then the lines beside it, as far as there is room."""
        room_px = self.width() - sum(button.sizeHint().width() for button in self._needs.values()) - BESIDE_PX
        for part in (self._histogram, self._aside):
            room_px -= part.sizeHint().width()
            part.setVisible(room_px >= 0)

    def _on_clicked(self, choice: Choice) -> None:
        """A second press takes the filter away again."""
        chosen = choice if self._choices[choice].isChecked() else "all"
        self.show_chosen(chosen)
        self.chosen.emit(chosen)

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT_PX, 4, RIGHT_PX, 8)
        row.setSpacing(0)
        for button in self._needs.values():
            row.addWidget(button)
        row.addSpacing(GAP_PX)
        bars = QHBoxLayout(self._histogram)
        bars.setContentsMargins(0, 0, 0, 0)
        bars.setSpacing(0)
        title = _muted(self._histogram)
        title.setText(tr("Ends in"))
        bars.addWidget(title, 0, Qt.AlignmentFlag.AlignVCenter)
        bars.addSpacing(8)
        for bar in self._bars:
            bars.addWidget(bar)
        row.addWidget(self._histogram)
        row.addStretch()
        lines = QVBoxLayout(self._aside)
        lines.setContentsMargins(16, 0, 0, 0)
        lines.setSpacing(4)
        lines.addStretch()
        lines.addWidget(self._sources)
        lines.addWidget(self._coverage)
        lines.addStretch()
        row.addWidget(self._aside)


def _muted(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "muted")
    return label
