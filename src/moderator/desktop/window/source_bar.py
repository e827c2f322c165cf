"""The line at the bottom: every source with its age, how policies are carried out, and what is known of the audit."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from moderator.client.scopes import lacking_scope
from moderator.client.texts import safe
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import Intent
from moderator.desktop.pace import Pace
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.elided_label import ElidedLabel
from moderator.desktop.widgets.icon_button import IconButton
from moderator.desktop.window.source_texts import policy_text, source_text
from moderator.desktop.window.top_bar import Dot
from moderator.domain.rooms import Source
from moderator.language import ntr, number, tr

ICON_PX: Final = 14
HOLD_SCOPE: Final = "policy:hold"


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
        self._policy = _Fact(look, "shield")
        self._audit = _Fact(look, "shield-check")
        self._hold = IconButton(look, kind="quiet", icon="pause")
        self._hold.setProperty("action", "window/hold")
        self._hold.clicked.connect(self._on_hold)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(16, 2, 8, 2)
        row.setSpacing(16)
        row.addLayout(self._sources)
        row.addStretch(1)
        for widget in (self._note, self._policy, self._audit, self._hold):
            row.addWidget(widget)
        self._note.hide()
        store.replaced.connect(self.refresh)
        store.link_updated.connect(self.refresh)
        store.events_arrived.connect(Pace(store, self.refresh, self).ask)
        look.changed.connect(self.update)
        self.tell_audit(0)
        self.refresh()

    def refresh(self) -> None:
        """Ages go on between frames; called once a second too."""
        now_ms = self._store.now_ms()
        names = [] if self._store.shut_out else sorted(self._store.sources)
        if names != list(self._shown):
            self._rebuild(names)
        for name, label in self._shown.items():
            label.show_source(self._store.sources[name], now_ms)
        held = self._store.hold
        self._policy.say(policy_text(self._store.policy_modes, held=held is not None))
        self._hold.setAccessibleName(tr("Resume automatic disconnects") if held else tr("Hold automatic disconnects"))
        self._hold.setEnabled(self._store.ready and self._may_hold())
        self._hold.set_icon("play" if held else "pause", "warn" if held else "muted")
        self._fit()

    def note(self, text: str) -> None:
        """A word beside the switch, such as that no notifications can be shown."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def tell_audit(self, records: int) -> None:
        """So many records were found as they were written, when somebody last checked; 0: that is not known."""
        words = ntr("Audit: {count} record verified", "Audit: {count} records verified", records)
        self._audit.say(words.format(count=number(records)) if records else "")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        """Where there is no room for all words, the switch's go first, then those of the facts: into tooltips. What the
        sources then still lack they are shortened by.
        """
        parts: tuple[Callable[[bool], None], ...] = (self._word_hold, self._audit.word, self._policy.word)
        for part in parts:
            part(True)
        for part in parts:
            if self._row.sizeHint().width() <= self.width():
                return
            part(False)

    def _word_hold(self, on: bool) -> None:
        name = self._hold.accessibleName()
        self._hold.setText(name if on else "")
        tip = "" if on else name
        self._hold.setToolTip(plain_tip(tip if self._may_hold() else lacking_scope(HOLD_SCOPE)))

    def _may_hold(self) -> bool:
        return self._store.me is None or HOLD_SCOPE in self._store.me.scopes

    def _rebuild(self, names: list[str]) -> None:
        for label in self._shown.values():
            self._sources.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._shown = {name: _SourceLabel(self._look) for name in names}
        for label in self._shown.values():
            self._sources.addWidget(label)

    def _on_hold(self) -> None:
        self.wanted.emit(Intent(action="resume" if self._store.hold else "hold"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line between it and what is above."""
        QPainter(self).fillRect(0, 0, self.width(), 1, self._look.color("line"))


class _Fact(QWidget):
    """An icon and a few words; hidden while there are none."""

    def __init__(self, look: Look, icon: str) -> None:
        super().__init__()
        self._look, self._icon_name = look, icon
        self._icon, self._text = QLabel(), QLabel(textFormat=Qt.TextFormat.PlainText)
        self._text.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self._text)
        look.changed.connect(self._dress)
        self._dress()

    def say(self, words: str) -> None:
        self._text.setText(words)
        self.setVisible(bool(words))

    def word(self, on: bool) -> None:
        """Show the words, or keep them for who points at the icon."""
        self._text.setVisible(on)
        self.setToolTip("" if on else plain_tip(self._text.text()))
        self.setAccessibleName("" if on else self._text.text())

    def _dress(self) -> None:
        color = self._look.color("muted")
        self._icon.setPixmap(self._look.pixmap(self._icon_name, color, ICON_PX, self.devicePixelRatioF()))


class _SourceLabel(QWidget):
    """A dot, the source's name, and since when it was heard."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._dot = Dot(look)
        self._text = ElidedLabel(look.font("body"), self)
        self._text.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._dot)
        row.addWidget(self._text)

    def show_source(self, source: Source, now_ms: int) -> None:
        said = source_text(source, now_ms)
        self._text.setText(said.shown)
        self._dot.show_as("live" if said.works else "warn", filled=said.works)
        tip = safe(source.detail or said.spoken)
        self._text.set_tip(tip)
        self.setToolTip(plain_tip(tip))
        self.setAccessibleName(said.spoken)
