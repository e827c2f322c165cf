"""How good one session was: grade and means in words, the plot, and why there is none where there is none."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from moderator.client.texts import clock_time, safe
from moderator.desktop.reviews.sessions.quality_texts import (
    GRADE_WORDS,
    figures,
    formula_line,
    grade_word,
    graded_line,
    spoken,
)
from moderator.desktop.reviews.sessions.session_rows import SessionRow, score_words
from moderator.desktop.reviews.state_panel import StatePanel
from moderator.desktop.reviews.trouble import Trouble
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.labels import plain_label
from moderator.feed.quality import QualitySeries
from moderator.language import tr

if TYPE_CHECKING:
    from moderator.desktop.reviews.sessions.quality_plot import QualityPlot


class QualityPane(QWidget):
    """Below the sessions."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._series: QualitySeries | None = None
        self.plot: QualityPlot | None = None
        self.panel = StatePanel(look, self)
        self._shown = QWidget(self)
        self._icon, self._grade = QLabel(self), plain_label(self, role="heading")
        self._means, self._lasted = plain_label(self), plain_label(self, role="muted")
        self._notice = plain_label(self)
        self._notice.setProperty("level", "warn")
        self._formula, self._reading = plain_label(self, role="muted"), plain_label(self)
        self._reading.setMinimumHeight(18)
        self._rows = QVBoxLayout(self._shown)
        self._arrange()
        look.changed.connect(self._draw_grade)

    def show_row(self, row: SessionRow | None) -> None:
        """A session was selected, or none. True answers come with `show_series` or `show_trouble`."""
        self._series = None
        self._stack.setCurrentWidget(self.panel)
        if row is None:
            self.panel.say("info", tr("Select a session to see how good it was"))
        elif row.session.has_dump:
            self.panel.say("loader-circle", tr("Reading the measurements"))
        else:
            line = (
                tr("The measurements come when the session has ended. {scores}.")
                if row.live
                else tr("None were kept: rtcStats did not see the end of this session, or lost its record. {scores}.")
            )
            self.panel.say("hourglass", tr("No data"), line.format(scores=score_words(row.session.scores)))

    def show_trouble(self, trouble: Trouble) -> None:
        """The measurements could not be read."""
        self.panel.say_trouble(trouble)

    def show_series(self, series: QualitySeries) -> None:
        """This is how it was."""
        notice = safe(series.notice or "")
        if all(sample.grade == "no_data" for sample in series.samples):
            self.panel.say("hourglass", tr("No data"), notice or tr("Nothing was measured in this session."))
            return
        self._series = series
        summary = series.summary
        self._grade.setText(grade_word(summary.grade))
        self._means.setText(figures(summary))
        self._lasted.setText(
            " · ".join(part for part in (graded_line(summary), score_words(series.session.scores)) if part)
        )
        self._notice.setText(notice)
        self._notice.setVisible(bool(notice))
        self._formula.setText(formula_line(summary))
        plot = self._plot()
        plot.setAccessibleDescription(spoken(series))
        plot.show_samples(series.samples)
        self._reading.setText(tr("Point at the plot, or press Left and Right in it, to read a moment."))
        self._draw_grade()
        self._stack.setCurrentWidget(self._shown)

    @property
    def reading(self) -> str:
        """What is said of the moment that is pointed at."""
        return self._reading.text()

    # --- how -------------------------------------------------------------------------------------------------------

    def _plot(self) -> QualityPlot:
        """Made when it is needed for the first time: the library loads then."""
        if self.plot is None:
            module = importlib.import_module("moderator.desktop.reviews.sessions.quality_plot")
            self.plot = module.QualityPlot(self._look, self._shown)
            self.plot.read.connect(self._read)
            self._rows.insertWidget(self._rows.indexOf(self._reading), self.plot, 1)
        return self.plot

    def _read(self, place: int) -> None:
        if self._series is not None:
            sample = self._series.samples[place]
            grade = grade_word(sample.grade).lower()
            self._reading.setText(f"{clock_time(sample.at)} · {grade} · {figures(sample)}")
            self._reading.setAccessibleName(self._reading.text())

    def _draw_grade(self) -> None:
        if self._series is not None:
            sign = GRADE_WORDS[self._series.summary.grade][1]
            color = self._look.color(sign.color)
            self._icon.setPixmap(self._look.pixmap(sign.icon, color, 16, self.devicePixelRatio()))
            self._grade.setStyleSheet(f"color: {color}")

    def _arrange(self) -> None:
        grade = QHBoxLayout()
        grade.setSpacing(8)
        grade.addWidget(self._icon)
        grade.addWidget(self._grade)
        grade.addSpacing(8)
        grade.addWidget(self._means, 1)
        self._grade.setWordWrap(False)
        self._rows.setContentsMargins(16, 12, 16, 8)
        self._rows.setSpacing(6)
        self._rows.addLayout(grade)
        for label in (self._lasted, self._notice, self._reading, self._formula):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._rows.addWidget(label)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.panel)
        self._stack.addWidget(self._shown)
