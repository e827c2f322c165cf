"""A participant's sessions in rtcStats, everyone of the same call, and how good each was."""

from collections.abc import Awaitable, Callable
from typing import Final

from msgspec import Struct
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSplitter, QVBoxLayout, QWidget

from moderator.client.texts import safe
from moderator.desktop.live_store import LiveStore
from moderator.desktop.reviews.questions import Connected, QualityQuestions
from moderator.desktop.reviews.review_window import ReviewWindow, StatusLine, hairline, title_label
from moderator.desktop.reviews.rows_view import RowsView
from moderator.desktop.reviews.sessions.quality_pane import QualityPane
from moderator.desktop.reviews.sessions.session_rows import NOT_HERE, Here, SessionRow, columns, ids_text, session_rows
from moderator.desktop.reviews.trouble import Trouble
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.feed.quality import QualityPage, QualitySession
from moderator.language import ntr, number, tr
from moderator.tasks import TaskScope

FIRST_SIZE: Final = (1080, 860)
SERIES_DELAY_MS: Final = 200
"""Who goes down the table by key does not have every record read on the way."""
EVERYTHING: Final = "*"
PERSON, CALL = 0, 1


class Subject(Struct, frozen=True, kw_only=True):
    """Who was selected, and where."""

    room: RoomKey
    user: str
    """Empty where the platform tells no identity: then only the call can be looked for."""
    name: str


class SessionsWindow(ReviewWindow):
    """The person's own sessions first, the latest on top and selected."""

    scope = "stats:read"

    def __init__(
        self,
        connected: Connected[QualityQuestions],
        subject: Subject,
        store: LiveStore,
        look: Look,
        tasks: TaskScope,
        parent: QWidget,
    ) -> None:
        title = tr("Sessions of {name}").format(name=safe(subject.name))
        super().__init__(title, store, look, tasks, parent)
        self._connected = connected
        self.subject = subject
        self._sessions: list[QualitySession] = []
        self._here = NOT_HERE
        self._other_call = ""
        """The opaque id of a call that the person is not in now, while that is shown."""
        self._page: Callable[[str], Awaitable[QualityPage]] | None = None
        self._cursor = ""
        self._measuring = self.new_asking()
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SERIES_DELAY_MS)
        self._chips = self._make_chips()
        self.copy_button = QPushButton(tr("Copy ids"), self)
        self.copy_button.setToolTip(tr("Copy the ids of the selected session for a ticket"))
        self.older_button = QPushButton(tr("Older sessions"), self)
        self.tables = {
            choice: RowsView(columns(of_call=choice == CALL), name, look, self)
            for choice, name in ((PERSON, tr("Sessions of the person")), (CALL, tr("Sessions of the call")))
        }
        self.found = StatusLine(look, self, self.older_button)
        self.quality = QualityPane(look, self)
        self._arrange(title)
        self._connect()
        self.resize(*FIRST_SIZE)
        self.reload()
        self.table.setFocus()

    @property
    def table(self) -> RowsView[SessionRow]:
        """The one that is shown."""
        return self.tables[self._chips.checkedId()]

    @property
    def _questions(self) -> QualityQuestions | None:
        return self._connected()

    def reload(self) -> None:
        """Ask again for what is chosen."""
        for choice, table in self.tables.items():
            table.setVisible(choice == self._chips.checkedId())
        self._sessions, self._cursor = [], ""
        self.table.show_rows(())
        self.found.say("")
        self.older_button.hide()
        self.quality.hide()
        obstacle = self.obstacle(self._questions)
        if obstacle is not None or self._questions is None:
            self._on_trouble(obstacle)
            return
        self.table.panel.say("loader-circle", tr("Asking rtcStats"))
        self.table.panel.show()
        self._page = self._of_call if self._chips.checkedId() == CALL else self._of_person
        self._ask("")

    # --- what is asked ---------------------------------------------------------------------------------------------

    async def _of_person(self, cursor: str) -> QualityPage:
        assert self._questions is not None
        subject = self.subject
        room = subject.room.room if self._sees_some else ""
        page = await self._questions.sessions(subject.room.source, user=subject.user, room=room, cursor=cursor)
        if page.sessions and not self._here.conference:
            of_room = page
            if not room:
                of_room = await self._questions.sessions(subject.room.source, user=subject.user, room=subject.room.room)
            self._look_who_is_here(of_room)
        return page

    async def _of_call(self, cursor: str) -> QualityPage:
        assert self._questions is not None
        if self._other_call:
            return await self._questions.sessions("", room=self._other_call, cursor=cursor)
        return await self._questions.sessions(self.subject.room.source, room=self.subject.room.room, cursor=cursor)

    @property
    def _sees_some(self) -> bool:
        """A token of some rooms has to name the room it asks about."""
        return self.store.me is not None and EVERYTHING not in self.store.me.rooms

    def _ask(self, cursor: str) -> None:
        page = self._page
        if page is not None:
            self.older_button.setEnabled(False)
            self.asking.ask(lambda: page(cursor), self._on_page, self._on_trouble)

    def _ask_series(self) -> None:
        row, questions = self.table.selected, self._questions
        if row is None or questions is None:
            return
        room = self.subject.room if self._sees_some else None
        where = (room.source, room.room) if room else ("", "")
        self._measuring.ask(
            lambda: questions.series(row.session.id, *where), self.quality.show_series, self.quality.show_trouble
        )

    # --- answers ---------------------------------------------------------------------------------------------------

    def _on_page(self, page: QualityPage) -> None:
        is_first = not self._sessions
        self._cursor = page.next or ""
        self._sessions.extend(page.sessions)
        rows = self._rows()
        if is_first:
            self.table.show_rows(rows)
        else:
            self.table.rows.add(rows[len(self.table.rows.rows) :])
        self.older_button.setVisible(bool(self._cursor))
        self.older_button.setEnabled(bool(self._cursor))
        self.quality.setVisible(bool(self._sessions))
        self._say_found(page.notice or "")
        if is_first and rows:
            self.table.choose(0)

    def _say_found(self, notice: str) -> None:
        count = len(self._sessions)
        if not count:
            line = notice or tr("Nobody with this id was recorded, or rtcStats keeps no longer.")
            title = tr("No sessions") if not notice else tr("No sessions can be seen")
            self.table.panel.say("inbox" if not notice else "circle-alert", title, safe(line))
            self.table.panel.show()
            self.found.say("")
        elif notice:
            self.found.say(safe(notice), icon="circle-alert", level="warn")
        else:
            if self._cursor:
                words = ntr("{count} session. There are older ones.", "{count} sessions. There are older ones.", count)
            else:
                words = ntr("{count} session. These are all.", "{count} sessions. These are all.", count)
            self.found.say(words.format(count=number(count)))

    def _on_trouble(self, trouble: Trouble | None) -> None:
        if trouble is None:
            return
        if self._sessions:
            self.found.say(f"{trouble.title}. {trouble.line}", icon=trouble.icon, level="critical")
            self.older_button.setEnabled(bool(self._cursor))
        else:
            self.table.panel.say_trouble(trouble)
            self.table.panel.show()

    def _on_chosen(self) -> None:
        row = self.table.selected
        self._measuring.stop()
        self.copy_button.setEnabled(row is not None)
        self.quality.show_row(row)
        if row is not None and row.session.has_dump:
            self._delay.start()
        else:
            self._delay.stop()

    # --- what is known of the call ---------------------------------------------------------------------------------

    def _rows(self) -> list[SessionRow]:
        here = self._here
        room = self.store.room(self.subject.room)
        rooms = {here.conference: safe(room.name or room.room)} if room and here.conference else {}
        names = {here.user: safe(self.subject.name)} if here.user else {}
        return session_rows(self._sessions, here, names=names, rooms=rooms)

    def _look_who_is_here(self, page: QualityPage) -> None:
        """`page`: the sessions of the person in the room that they were selected in."""
        if page.sessions:
            newest = page.sessions[0]
            self._here = Here(conference=newest.conference or "", user=newest.user or "")
            self._count_connections()

    def _count_connections(self) -> None:
        room = self.store.room(self.subject.room)
        stays = [one for one in room.here() if one.user == self.subject.user] if room and self.subject.user else []
        since = min((one.joined_at for one in stays), default=0)
        here = self._here
        self._here = Here(conference=here.conference, user=here.user, since=since, connections=len(stays))

    def _on_rooms(self, keys: frozenset[RoomKey]) -> None:
        """Who leaves is live no longer."""
        if self.subject.room in keys and self._sessions:
            self._count_connections()
            rows = self._rows()
            if rows != list(self.table.rows.rows):
                self.table.rows.renew(rows)

    # --- how it is set up ------------------------------------------------------------------------------------------

    def _choose_call(self, choice: int) -> None:
        """Everyone of the call of the selected session; without one, of the call that the person was selected in."""
        row = self.tables[PERSON].selected
        conference = (row.session.conference or "") if row is not None and choice == CALL else ""
        is_other = conference not in ("", self._here.conference) and not self._sees_some
        self._other_call = conference if is_other else ""
        self.reload()

    def _make_chips(self) -> QButtonGroup:
        chips = QButtonGroup(self)
        for choice, words in ((PERSON, tr("This person")), (CALL, tr("Everyone of the call"))):
            chip = QPushButton(words, self)
            chip.setProperty("kind", "chip")
            chip.setCheckable(True)
            chip.setChecked(choice == (PERSON if self.subject.user else CALL))
            chips.addButton(chip, choice)
        if not self.subject.user:
            chips.button(PERSON).setEnabled(False)
            chips.button(PERSON).setToolTip(tr("The platform tells no identity of this person."))
        return chips

    def _connect(self) -> None:
        self._chips.idClicked.connect(self._choose_call)
        for table in self.tables.values():
            table.chosen.connect(self._on_chosen)
            table.panel.pressed.connect(self.reload)
        self.quality.panel.pressed.connect(self._ask_series)
        self._delay.timeout.connect(self._ask_series)
        self.older_button.clicked.connect(lambda: self._ask(self._cursor))
        self.copy_button.clicked.connect(self._copy)
        self.store.rooms_updated.connect(self._on_rooms)
        self.finished.connect(self._delay.stop)

    def _copy(self) -> None:
        if self.table.selected is not None:
            QGuiApplication.clipboard().setText(ids_text(self.table.selected))

    def _arrange(self, title: str) -> None:
        top = QWidget(self)
        halves = QSplitter(Qt.Orientation.Vertical, self)
        halves.setHandleWidth(1)
        halves.setChildrenCollapsible(False)
        rows = QVBoxLayout(top)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for widget in (*self.tables.values(), self.found):
            rows.addWidget(widget)
        top.setMinimumHeight(200)
        halves.addWidget(top)
        halves.addWidget(self.quality)
        halves.setSizes([300, 520])
        halves.setStretchFactor(1, 1)
        header = self.header(title_label(title, self), *self._chips.buttons(), self.copy_button)
        self.column(header, hairline(self), halves, stretch=halves)
