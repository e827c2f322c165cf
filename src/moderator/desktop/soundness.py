"""What no frame of the feed tells of: whether versions fit, whether the audit was found changed, and whether this
computer has a network. Told to the window's strip and the bar at its foot."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from moderator.client.me import Me
from moderator.client.versions import about_versions, newer_gateway
from moderator.desktop.live_store import LiveStore
from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.window.main_window import MainWindow
from moderator.domain.events import Event, Unknown
from moderator.feed.addresses import is_here

if TYPE_CHECKING:
    from PySide6.QtNetwork import QNetworkInformation

    from moderator.feed.audit import Verified

KEY_CHARACTERS: Final = 8


class Soundness(QObject):
    """Of one window at one gateway. What was found of the audit is remembered until it is checked again."""

    network_is_back = Signal()
    """This computer was offline, and is not any more."""

    def __init__(self, window: MainWindow, store: LiveStore, preferences: Preferences, gateway: str) -> None:
        """`gateway`: what tells this one from others, such as its address."""
        super().__init__(window)
        self._window = window
        self._store = store
        self._preferences = preferences
        key = hashlib.sha256(gateway.encode()).hexdigest()[:KEY_CHARACTERS]
        self._problem, self._records = Preference(f"audit/problem-{key}", ""), Preference(f"audit/records-{key}", 0)
        self._told = ""
        self._is_strange = False
        """Something was told that this program does not know."""
        store.me_updated.connect(self._on_me)
        store.events_arrived.connect(self._on_events)
        self._show_audit()

    def follow_network(self, gateway: str) -> None:
        """Have the system say whether it has a network, where it can and the gateway is not on this machine."""
        from PySide6.QtNetwork import QNetworkInformation  # noqa: PLC0415  # loaded after the first paint

        if is_here(gateway) or not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            return
        system = QNetworkInformation.instance()
        if system is not None:
            system.reachabilityChanged.connect(self._on_reachability)
            self._on_reachability(system.reachability())

    def audit_checked(self, found: Verified) -> None:
        """Somebody had the log checked."""
        from moderator.desktop.reviews.audit.verification import problem_of  # noqa: PLC0415  # is loaded by then

        self._preferences.put(self._problem, problem_of(found))
        self._preferences.put(self._records, found.records if found.checkpoints and not found.problem else 0)
        self._show_audit()

    def _show_audit(self) -> None:
        self._window.strip.tell_audit(self._preferences.get(self._problem))
        self._window.source_bar.tell_audit(self._preferences.get(self._records))

    def _on_me(self, me: Me | None) -> None:
        words = about_versions(me) if me else ""
        if me is not None and (words or not self._is_strange):
            self._tell_versions(words)

    def _on_events(self, events: tuple[Event, ...]) -> None:
        if any(isinstance(event.data, Unknown) for event in events):
            self._is_strange = True
            self._tell_versions(newer_gateway(self._store.me.version if self._store.me else ""))

    def _tell_versions(self, words: str) -> None:
        """Once: whoever has understood it is not told again, unless it was over meanwhile."""
        if words != self._told:
            self._told = words
            self._window.strip.tell_versions(words)

    def _on_reachability(self, reachability: QNetworkInformation.Reachability) -> None:
        is_offline = reachability == type(reachability).Disconnected
        self._window.strip.tell_network(is_offline=is_offline)
        if not is_offline:
            self.network_is_back.emit()
