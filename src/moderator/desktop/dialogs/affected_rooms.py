"""The rooms that one decision is about: which are still there, which of them it is possible for and why not for the
others, and who else looks at them."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from moderator.client.texts import safe
from moderator.desktop.dialogs.room_grid import RoomGrid, RoomLine
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.theme.look import Look
from moderator.desktop.viewing_words import looking_words, others_looking
from moderator.desktop.widgets.labels import plain_label
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.language import ntr, tr


class AffectedRooms:
    """Has the widgets that show them; the dialog puts them where they belong."""

    def __init__(
        self, store: LiveStore, look: Look, action: ActionName, keys: Sequence[RoomKey], parent: QWidget
    ) -> None:
        self._store = store
        self._action = action
        self._keys = tuple(dict.fromkeys(keys))
        self._why: dict[RoomKey, str] = {}
        self.found: list[Room] = []
        """Those that are still there."""
        self.possible: list[Room] = []
        """Those for which it can be done."""
        self.name = safe(self._keys[0].room)
        """Of the only room; safe to show."""
        self.others = plain_label(parent, role="muted")
        self.grid = RoomGrid(look, parent)

    @property
    def count(self) -> int:
        """How many were selected, gone or not."""
        return len(self._keys)

    @property
    def why_not(self) -> str:
        """Why it can be done for none of them; empty where it can be for one."""
        if self.possible:
            return ""
        if not self.found:
            return ntr("The room is gone.", "The rooms are gone.", self.count)
        return self._why[self.found[0].key]

    def refresh(self) -> bool:
        """Look at the store again; whether there is another number of lines now."""
        self.found = [room for key in self._keys if (room := self._store.room(key)) is not None]
        self._why = {room.key: self._store.why_not(Intent(action=self._action, room=room.key)) for room in self.found}
        self.possible = [room for room in self.found if not self._why[room.key]]
        if self.found:
            self.name = safe(self.found[0].name or self.found[0].room)
        words = self._looking()
        changed = words != self.others.text()
        self.others.setText(words)
        self.others.setVisible(bool(words))
        lines = [self._line(room) for room in self.found] if self.count > 1 else []
        return self.grid.show_lines(lines) or changed

    def _looking(self) -> str:
        if self.count > 1 or not self.found:
            return ""
        return looking_words(self.found[0], self._store.now_ms(), self._me_id)

    def _line(self, room: Room) -> RoomLine:
        name, why = safe(room.name or room.room), self._why[room.key]
        if why:
            return RoomLine(name, why, possible=False)
        people = ntr("{count} person", "{count} people", room.people).format(count=room.people)
        if names := others_looking(room, self._store.now_ms(), self._me_id):
            words = tr("{people} · {name} is looking").format(people=people, name=names[0])
            return RoomLine(name, words, possible=True, level="info")
        return RoomLine(name, people, possible=True)

    @property
    def _me_id(self) -> str:
        return self._store.me.id if self._store.me else ""
