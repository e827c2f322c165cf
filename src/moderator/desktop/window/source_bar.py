"""The line at the bottom: every source with its age, and whether automatic disconnects are held."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from moderator.client.texts import safe
from moderator.desktop.durations import age
from moderator.desktop.intents import Intent
from moderator.desktop.live_store import LiveStore
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.window.top_bar import Dot
from moderator.domain.rooms import Source
from moderator.language import tr


class SourceBar(QWidget):
    """How the platforms are doing."""

    wanted = Signal(object)

    def __init__(self, store: LiveStore, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._look = look
        self._shown: dict[str, _SourceLabel] = {}
        self._sources = QHBoxLayout()
        self._sources.setSpacing(16)
        self._note = QLabel()
        self._note.setProperty("role", "muted")
        self._hold = QPushButton()
        self._hold.setProperty("kind", "quiet")
        self._hold.clicked.connect(self._on_hold)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 2, 8, 2)
        row.addLayout(self._sources)
        row.addStretch(1)
        row.addWidget(self._note)
        row.addWidget(self._hold)
        store.replaced.connect(self.refresh)
        store.events_arrived.connect(lambda _: self.refresh())
        look.changed.connect(self._dress)
        self.refresh()

    def refresh(self) -> None:
        """Ages go on between frames; called once a second too."""
        now_ms = self._store.now_ms()
        names = sorted(self._store.sources)
        if names != list(self._shown):
            self._rebuild(names)
        for name, label in self._shown.items():
            label.show_source(self._store.sources[name], now_ms)
        held = self._store.hold
        self._hold.setText(tr("Resume automatic disconnects") if held else tr("Hold automatic disconnects"))
        self._hold.setEnabled(self._store.ready and self._may_hold())
        self._hold.setToolTip("" if self._may_hold() else tr("Your token does not allow this: policy:hold."))
        self._dress()

    def note(self, text: str) -> None:
        """A word beside the switch, such as that no notifications can be shown."""
        self._note.setText(text)

    def _may_hold(self) -> bool:
        return self._store.me is None or "policy:hold" in self._store.me.scopes

    def _rebuild(self, names: list[str]) -> None:
        for label in self._shown.values():
            self._sources.removeWidget(label)
            label.deleteLater()
        self._shown = {name: _SourceLabel(self._look) for name in names}
        for label in self._shown.values():
            self._sources.addWidget(label)

    def _on_hold(self) -> None:
        self.wanted.emit(Intent(action="resume" if self._store.hold else "hold"))

    def _dress(self) -> None:
        held = self._store.hold is not None
        self._hold.setIcon(self._look.icon("play" if held else "pause", "warn" if held else "muted"))


class _SourceLabel(QWidget):
    """A dot, the source's name, and since when it was heard."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._dot = Dot(look)
        self._text = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._text.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._dot)
        row.addWidget(self._text)

    def show_source(self, source: Source, now_ms: int) -> None:
        heard_at = max(source.heard_at or 0, source.listed_at or 0)
        heard = age(max(0, now_ms - heard_at) / 1000) if heard_at else "not heard yet"
        works = source.state in {"live", "polling"} and bool(heard_at)
        words = {"live": "", "polling": ", polling", "silent": ", silent", "failing": ", failing"}[source.state]
        self._text.setText(f"{source.source} {heard}{words}")
        self._dot.show_as("live" if works else "warn", filled=works)
        self.setToolTip(plain_tip(safe(source.detail or f"{source.provider}: {source.state}")))
        spoken = f"heard {heard} ago" if heard_at else heard
        self.setAccessibleName(f"Source {source.source}: {source.state}, {spoken}")
