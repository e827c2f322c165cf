"""The strip that says the gravest thing that is wrong with what the window shows. Which that is: `states`."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from moderator.desktop.live_store import LiveStore
from moderator.desktop.room_status import Level
from moderator.desktop.session import ChildStatus
from moderator.desktop.theme.look import Look
from moderator.desktop.window.source_trouble import troubles
from moderator.desktop.window.states import Facts, Shown, StateAction, StateName, state_of
from moderator.desktop.window.strip import Strip

_GROUNDS: Final[dict[Level, str]] = {"critical": "critical", "warn": "warn"}


class StateStrip(Strip):
    """Reads the store when it changes, and once a second."""

    retry_wanted = Signal()
    """Connect again now."""
    sign_in_wanted = Signal()
    evidence_wanted = Signal()
    """Export the audit, which was changed."""
    rooms_wanted = Signal(str)
    """Show the rooms of this source."""

    def __init__(self, store: LiveStore, look: Look, *, signs_in: bool, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._store = store
        self._signs_in = signs_in
        self._child: ChildStatus | None = None
        self._audit_problem = ""
        self._versions = ""
        self._is_offline = False
        self._shown: Shown | None = None
        self._presses: dict[StateAction, Callable[[], None]] = {
            "retry": self.retry_wanted.emit,
            "restart": self.retry_wanted.emit,
            "sign_in": self.sign_in_wanted.emit,
            "evidence": self.evidence_wanted.emit,
            "show_rooms": self._show_rooms,
            "understood": lambda: self.tell_versions(""),
        }
        self.pressed.connect(self._on_pressed)
        for signal in (store.link_updated, store.replaced, store.me_updated):
            signal.connect(self.refresh)
        self.refresh()

    @property
    def state(self) -> StateName | None:
        """What is said now."""
        return self._shown.name if self._shown else None

    def child_changed(self, status: ChildStatus) -> None:
        """How the embedded gateway is."""
        self._child = status
        self.refresh()

    def tell_audit(self, problem: str) -> None:
        """What checking the log showed; empty when all was well."""
        self._audit_problem = problem
        self.refresh()

    def tell_versions(self, words: str) -> None:
        """That gateway and program do not fit; empty when they do, or when that was understood."""
        self._versions = words
        self.refresh()

    def tell_network(self, *, is_offline: bool) -> None:
        """Whether this computer has a network, as far as the system says."""
        self._is_offline = is_offline
        self.refresh()

    def refresh(self) -> None:
        """Look at the store again; counts of seconds go on between frames."""
        shown = self._shown = state_of(self._facts())
        if shown is None:
            self.hide()
            return
        ground = _GROUNDS.get(shown.level, "raised")
        self.say(shown.sentence, icon=shown.icon, level=shown.level, ground=ground, button=shown.button)

    # --- how -------------------------------------------------------------------------------------------------------

    def _facts(self) -> Facts:
        store = self._store
        age_s = store.age_s
        return Facts(
            link=store.link,
            ready=store.ready,
            freshness=store.freshness,
            age_s=age_s,
            heard_at=None if age_s is None else store.now_ms() - round(age_s * 1000),
            retry_in_s=store.retry_in_s,
            is_offline=self._is_offline,
            clock_error_ms=store.clock_error_ms,
            clock_off_ms=store.own_clock_ahead_ms,
            child=self._child,
            may_sign_in=self._signs_in,
            audit_problem=self._audit_problem,
            sources=troubles(store.sources, store.census.by_source),
            versions=self._versions,
        )

    def _on_pressed(self) -> None:
        if self._shown is not None and self._shown.action:
            self._presses[self._shown.action]()

    def _show_rooms(self) -> None:
        found = troubles(self._store.sources, self._store.census.by_source)
        if found:
            self.rooms_wanted.emit(found[0].source)
