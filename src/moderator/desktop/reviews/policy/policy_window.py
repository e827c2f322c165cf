"""The policy report: what `observe` would have done, so that nobody has to enforce a policy to find out."""

from typing import Final

from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from moderator.desktop.live_store import LiveStore
from moderator.desktop.reviews.policy.report_rows import (
    COLUMNS,
    TOTAL_COLUMNS,
    ReportRow,
    TotalRow,
    headline,
    report_rows,
    total_rows,
)
from moderator.desktop.reviews.questions import Connected, PolicyQuestions
from moderator.desktop.reviews.review_window import ReviewWindow, StatusLine, hairline, title_label
from moderator.desktop.reviews.rows_view import HEADER_PX, RowsView
from moderator.desktop.reviews.trouble import Trouble
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.row_delegate import ROW_PX
from moderator.feed.policy_report import PolicyReport
from moderator.language import marked, tr
from moderator.tasks import TaskScope

FIRST_SIZE: Final = (1080, 680)
SPANS: Final = {1: marked("Last hour"), 24: marked("Last 24 hours"), 168: marked("Last 7 days")}
"""Hours, and the words on the button; the second is what is shown first."""
FIRST_SPAN: Final = 24
MOST_TOTALS: Final = 6
"""So many are in sight without scrolling."""


class PolicyWindow(ReviewWindow):
    """The last 24 hours at first: nothing has to be chosen."""

    scope = "audit:read"

    def __init__(
        self, connected: Connected[PolicyQuestions], store: LiveStore, look: Look, tasks: TaskScope, parent: QWidget
    ) -> None:
        super().__init__(tr("What policies would have done"), store, look, tasks, parent)
        self._connected = connected
        self._spans = QButtonGroup(self)
        for hours, words in SPANS.items():
            chip = QPushButton(tr(words), self)
            chip.setProperty("kind", "chip")
            chip.setCheckable(True)
            chip.setChecked(hours == FIRST_SPAN)
            self._spans.addButton(chip, hours)
        self.totals: RowsView[TotalRow] = RowsView(TOTAL_COLUMNS, tr("Totals by policy"), look, self)
        self.table: RowsView[ReportRow] = RowsView(COLUMNS, tr("What would have been done"), look, self)
        self.headline = StatusLine(look, self)
        self.note = StatusLine(look, self)
        self.note.say(tr("What would be done today: rules and platforms may have changed since."))
        self._lines = (hairline(self), hairline(self))
        header = self.header(title_label(self.windowTitle(), self), *self._spans.buttons())
        self.column(
            *(header, hairline(self), self.headline, self.totals, self._lines[0]),
            *(self.table, self._lines[1], self.note),
            stretch=self.table,
        )
        self._spans.idClicked.connect(lambda _: self.reload())
        self.table.panel.pressed.connect(self.reload)
        self.resize(*FIRST_SIZE)
        self.reload()
        self.table.setFocus()

    @property
    def hours(self) -> int:
        """How far back."""
        return self._spans.checkedId()

    @property
    def _questions(self) -> PolicyQuestions | None:
        return self._connected()

    def reload(self) -> None:
        """Ask for the report of the time that is chosen."""
        questions = self._questions
        self._show_totals([])
        self.table.show_rows(())
        self.headline.hide()
        self.note.hide()
        obstacle = self.obstacle(questions)
        for chip in self._spans.buttons():
            chip.setEnabled(obstacle is None)
        if obstacle is not None or questions is None:
            self._on_trouble(obstacle)
            return
        self.table.panel.say("loader-circle", tr("Reading the log"))
        self.table.panel.show()
        self.asking.ask(lambda: questions.policy(self.hours), self._on_report, self._on_trouble)

    def _on_report(self, report: PolicyReport) -> None:
        rows = report_rows(report)
        self._show_totals(total_rows(report))
        self.table.show_rows(rows)
        self.headline.say(headline(report))
        for line in (self.headline, self.note):
            line.setVisible(bool(rows))
        if not rows:
            hint = tr('Policies of room types with mode = "observe" are reported here.')
            self.table.panel.say("inbox", headline(report), hint)
            self.table.panel.show()

    def _on_trouble(self, trouble: Trouble | None) -> None:
        if trouble is not None:
            self.table.panel.say_trouble(trouble)
            self.table.panel.show()

    def _show_totals(self, rows: list[TotalRow]) -> None:
        """As high as it has rows."""
        self.totals.show_rows(rows)
        self.totals.setFixedHeight(HEADER_PX + ROW_PX * min(len(rows), MOST_TOTALS))
        for widget in (self.totals, self._lines[0]):
            widget.setVisible(bool(rows))
