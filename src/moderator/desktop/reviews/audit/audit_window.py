"""The audit review: search it, read a record, take a copy, and have the gateway check that nobody changed it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSplitter, QWidget

from moderator.desktop.live_store import LiveStore
from moderator.desktop.reviews.audit.export_button import ExportButton
from moderator.desktop.reviews.audit.record_pane import RecordPane
from moderator.desktop.reviews.audit.record_texts import columns
from moderator.desktop.reviews.audit.saving import save_whole
from moderator.desktop.reviews.audit.search_bar import SearchBar
from moderator.desktop.reviews.audit.verification import verdict
from moderator.desktop.reviews.moments import size
from moderator.desktop.reviews.questions import AuditQuestions, Connected
from moderator.desktop.reviews.review_window import ReviewWindow, StatusLine, hairline, title_label
from moderator.desktop.reviews.rows_view import RowsView
from moderator.desktop.reviews.trouble import Trouble
from moderator.desktop.theme.look import Look
from moderator.feed.audit import Format, Verified
from moderator.language import ntr, number, tr
from moderator.tasks import TaskScope

if TYPE_CHECKING:
    from moderator.client.audit import Audited, AuditedPage

FIRST_SIZE: Final = (1320, 800)
PAGE: Final = 200
PROGRESS_BYTES: Final = 256 * 1024
"""Between two words of progress."""


class AuditWindow(ReviewWindow):
    """Newest first, a page at a time."""

    verified = Signal(object)
    """`Verified`: the log was checked."""
    scope = "audit:read"

    def __init__(
        self, connected: Connected[AuditQuestions], store: LiveStore, look: Look, tasks: TaskScope, parent: QWidget
    ) -> None:
        super().__init__(tr("Audit"), store, look, tasks, parent)
        self._connected = connected
        self._filters: dict[str, str | int] = {}
        self._next: int | None = None
        self._checking, self._copying = self.new_asking(), self.new_asking()
        self.search = SearchBar(store.now_ms, self)
        self.table: RowsView[Audited] = RowsView(columns(store.room), tr("Records, newest first"), look, self)
        self.record = RecordPane(look, store.room, self)
        self.verify_button = QPushButton(tr("Verify"), self)
        self.verify_button.setToolTip(tr("Check whether anybody changed the log"))
        self.export_button = ExportButton(self)
        self.older_button = QPushButton(tr("Older records"), self)
        self.found = StatusLine(look, self, self.older_button)
        self.checked, self.copied = StatusLine(look, self), StatusLine(look, self)
        self._arrange()
        self._connect()
        self.resize(*FIRST_SIZE)
        self.search.offer_sources(store.sources)
        self.reload()
        self.search.text.setFocus()

    @property
    def _questions(self) -> AuditQuestions | None:
        return self._connected()

    def reload(self) -> None:
        """Look again, from the newest on."""
        self._filters = self.search.filters
        self._next = None
        self.table.rows.show(())
        self._allow(self.obstacle(self._questions))

    def export_to(self, path: Path, format_: Format) -> None:
        """A copy of all that is looked for, as a file."""
        questions, filters = self._questions, self.search.filters
        if questions is None or self._copying.busy:
            return

        async def copy() -> int | OSError:
            try:
                return await save_whole(path, lambda write: questions.export(format_, self._counting(write), filters))
            except OSError as error:
                return error

        self.export_button.setEnabled(False)
        self.copied.show()
        self.copied.say(tr("Exporting…"), icon="hourglass")
        self._copying.ask(copy, lambda written: self._on_copied(path, written), self._on_not_copied)

    def older(self) -> None:
        """The page after those that are shown."""
        questions = self._questions
        if questions is None or self.asking.busy:
            return
        asked = {**self._filters, "order": "newest", "limit": PAGE}
        if self._next is not None:
            asked["before"] = self._next
        self.older_button.setEnabled(False)
        self._say_found(searching=True)
        self.asking.ask(lambda: questions.page(asked), self._on_page, self._on_trouble)

    # --- rows ------------------------------------------------------------------------------------------------------

    def _allow(self, obstacle: Trouble | None) -> None:
        for button in (self.verify_button, self.export_button):
            button.setEnabled(obstacle is None)
        self.search.setEnabled(obstacle is None)
        if obstacle is not None:
            self._on_trouble(obstacle)
            return
        self.table.panel.say("loader-circle", tr("Reading the audit"))
        self.table.panel.show()
        self.older()

    def _on_page(self, page: AuditedPage) -> None:
        self._next = page.next if page.more else None
        self.table.rows.add(page.rows)
        if page.more and not page.rows:  # a search reads so far at a time, and has found nothing yet
            self.older()
            return
        self.table.panel.setVisible(not self.table.rows.rows)
        if not self.table.rows.rows:
            self._say_empty()
        self.older_button.setVisible(page.more)
        self.older_button.setEnabled(page.more)
        self._say_found()

    def _on_trouble(self, trouble: Trouble) -> None:
        if self.table.rows.rows:  # what is there stays there
            self.found.say(f"{trouble.title}. {trouble.line}", icon=trouble.icon, level="critical")
        else:
            self.found.say("")
            self.table.panel.say_trouble(trouble)
            self.table.panel.show()
        self.older_button.setVisible(self._next is not None)
        self.older_button.setEnabled(self._next is not None)

    def _say_empty(self) -> None:
        if self.search.filters:
            line = tr("Search for less, or press Clear.")
            self.table.panel.say("search-x", tr("No record matches"), line)
        else:
            self.table.panel.say("inbox", tr("There are no records that you may see"))

    def _say_found(self, *, searching: bool = False) -> None:
        count = len(self.table.rows.rows)
        if searching:
            before = tr("Looking at those before record {seq}.").format(seq=number(self._next)) if self._next else ""
            said = ntr("{count} record.", "{count} records.", count).format(count=number(count)) if count else ""
            self.found.say(" ".join(part for part in (said, before) if part), icon="loader-circle")
            return
        looks = tr("That you looked, and for what, is recorded too.")
        if self._next is None:
            words = ntr("{count} record. These are all.", "{count} records. These are all.", count)
        else:
            words = ntr("{count} record. There are older ones.", "{count} records. There are older ones.", count)
        self.found.say(f"{words.format(count=number(count))} {looks}" if count else looks)

    # --- checking and copying --------------------------------------------------------------------------------------

    def _verify(self) -> None:
        questions = self._questions
        if questions is None or self._checking.busy:
            return
        self.verify_button.setEnabled(False)
        self.checked.show()
        self.checked.say(tr("Checking every record…"), icon="hourglass")
        self._checking.ask(questions.verify, self._on_verified, self._on_not_verified)

    def _on_verified(self, found: Verified) -> None:
        said = verdict(found)
        self.verify_button.setEnabled(True)
        self.checked.say(said.words, icon=said.icon, level=said.level)
        self.verified.emit(found)

    def _on_not_verified(self, trouble: Trouble) -> None:
        self.verify_button.setEnabled(True)
        words = tr("Not checked: {why}").format(why=trouble.line)
        self.checked.say(words, icon="circle-alert", level="warn")

    def _counting(self, write: Callable[[bytes], object]) -> Callable[[bytes], object]:
        """Tells now and then how much was written."""
        written, told = 0, 0

        def count(part: bytes) -> None:
            nonlocal written, told
            write(part)
            written += len(part)
            if written - told >= PROGRESS_BYTES:
                told = written
                self.copied.say(tr("Exporting… {size}").format(size=size(written)), icon="hourglass")

        return count

    def _on_copied(self, path: Path, written: int | OSError) -> None:
        self.export_button.setEnabled(True)
        if isinstance(written, OSError):
            words = tr("Not exported: {path} cannot be written: {why}.")
            self.copied.say(words.format(path=path, why=written.strerror), icon="circle-alert", level="warn")
        else:
            words = tr("Exported to {path}, {size}. It names people: keep it as safe as the audit.")
            self.copied.say(words.format(path=path, size=size(written)), icon="circle-check")

    def _on_not_copied(self, trouble: Trouble) -> None:
        self.export_button.setEnabled(True)
        words = tr("Not exported, and no file was left: {why}").format(why=trouble.line)
        self.copied.say(words, icon="circle-alert", level="warn")

    # --- how it is set up ------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.search.search_wanted.connect(self.reload)
        self.table.chosen.connect(lambda: self.record.show_record(self.table.selected))
        self.table.panel.pressed.connect(self.reload)
        self.verify_button.clicked.connect(self._verify)
        self.export_button.file_chosen.connect(self.export_to)
        self.older_button.clicked.connect(self.older)

    def _arrange(self) -> None:
        halves = QSplitter(Qt.Orientation.Horizontal, self)
        halves.setHandleWidth(1)
        halves.setChildrenCollapsible(False)
        for half in (self.table, self.record):
            halves.addWidget(half)
        halves.setStretchFactor(0, 1)
        self.checked.hide()
        self.copied.hide()
        header = self.header(title_label(tr("Audit"), self), self.verify_button, self.export_button)
        self.column(
            *(header, self.search, hairline(self), halves, hairline(self), self.found, self.checked, self.copied),
            stretch=halves,
        )
