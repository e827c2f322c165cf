"""Opens the review windows: one of each, brought to the front when it is there already. Each is loaded when it is first
opened, not with the main window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import Intent
from moderator.desktop.room.people_list import name_of
from moderator.desktop.theme.look import Look
from moderator.domain.ids import RoomKey
from moderator.tasks import TaskScope

if TYPE_CHECKING:
    from moderator.desktop.reviews.audit.audit_window import AuditWindow
    from moderator.desktop.reviews.questions import Questions
    from moderator.desktop.reviews.review_window import ReviewWindow
    from moderator.desktop.reviews.sessions.sessions_window import Subject


class Reviews(QObject):
    """Of one main window."""

    verified = Signal(object)
    """`Verified`: the log was checked."""

    def __init__(self, store: LiveStore, look: Look, tasks: TaskScope, window: QWidget) -> None:
        super().__init__(window)
        self.questions: Questions | None = None
        """None until there is a connection."""
        self._store = store
        self._look = look
        self._tasks = tasks
        self._window = window
        self._open: dict[str, ReviewWindow] = {}
        store.somebody_else.connect(self.close)
        store.link_updated.connect(self._on_link)

    def open_audit(self) -> None:
        """Who did what."""
        self._show("audit", self._audit)

    def export_evidence(self) -> None:
        """A copy of the whole audit, for whoever looks into it: asks where to."""
        from moderator.desktop.reviews.audit.audit_window import AuditWindow  # noqa: PLC0415

        self.open_audit()
        audit = self._open["audit"]
        assert isinstance(audit, AuditWindow)
        if audit.export_button.isEnabled():
            audit.export_button.ask_where("jsonl")

    def open_policy(self) -> None:
        """What `observe` would have done in the last 24 hours."""
        from moderator.desktop.reviews.policy.policy_window import PolicyWindow  # noqa: PLC0415

        self._show(
            "policy",
            lambda: PolicyWindow(
                lambda: self.questions and self.questions.policy, self._store, self._look, self._tasks, self._window
            ),
        )

    def open_sessions(self, wish: Intent) -> None:
        """The rtcStats sessions of whom the wish names."""
        from moderator.desktop.reviews.sessions.sessions_window import SessionsWindow  # noqa: PLC0415

        if wish.room is None:
            return
        subject = self._subject(wish.room, wish)
        shown = self._open.get("sessions")
        if isinstance(shown, SessionsWindow) and shown.subject != subject:
            shown.reject()
        self._show(
            "sessions",
            lambda: SessionsWindow(
                lambda: self.questions and self.questions.quality,
                subject,
                self._store,
                self._look,
                self._tasks,
                self._window,
            ),
        )

    def close(self) -> None:
        """The program ends, or nobody is let in any more: what they saw is gone."""
        for window in tuple(self._open.values()):
            window.reject()

    # --- how -------------------------------------------------------------------------------------------------------

    def _on_link(self) -> None:
        if self._store.shut_out:
            self.close()

    def _audit(self) -> AuditWindow:
        from moderator.desktop.reviews.audit.audit_window import AuditWindow  # noqa: PLC0415

        made = AuditWindow(
            lambda: self.questions and self.questions.audit, self._store, self._look, self._tasks, self._window
        )
        made.verified.connect(self.verified)
        return made

    def _show(self, name: str, make: Callable[[], ReviewWindow]) -> None:
        window = self._open.get(name)
        if window is None:
            window = self._open[name] = make()
            window.finished.connect(lambda _, window=window: self._on_closed(name, window))
            window.show()
        window.raise_()
        window.activateWindow()

    def _on_closed(self, name: str, window: ReviewWindow) -> None:
        if self._open.get(name) is window:
            del self._open[name]
        self._window.activateWindow()  # no window manager gives the keyboard back where there is none

    def _subject(self, key: RoomKey, wish: Intent) -> Subject:
        from moderator.desktop.reviews.sessions.sessions_window import Subject  # noqa: PLC0415

        room = self._store.room(key)
        stays = [one for one in room.participants if wish.user and one.user == wish.user] if room else []
        one = room.participant(wish.participant) if room and not stays else None
        named = (*reversed(stays), *([one] if one else []))
        return Subject(room=key, user=wish.user, name=name_of(*named) if named else wish.user)
