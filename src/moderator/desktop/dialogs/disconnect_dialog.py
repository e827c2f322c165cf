"""Remove one person: why, for how long, and what that means on this platform."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from moderator.client.texts import safe
from moderator.clock import Clock
from moderator.desktop.dialogs.blocking import KEEPS_OUT, block_choices
from moderator.desktop.dialogs.decision_dialog import DecisionDialog
from moderator.desktop.dialogs.duration_choice import DurationChoice
from moderator.desktop.dialogs.effect import cannot_block, effect, preselected, remark
from moderator.desktop.dialogs.indicators import ThemedCheckBox
from moderator.desktop.dialogs.reason_choice import ReasonChoice
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.intents import DisconnectOrder, Intent
from moderator.desktop.room.people_list import PersonRow, people_of
from moderator.desktop.theme.look import Look
from moderator.desktop.viewing_words import looking_words
from moderator.desktop.widgets.labels import plain_label, short_name
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Participant, Room
from moderator.language import ntr, tr


class DisconnectDialog(DecisionDialog):
    """About the person behind one connection: all connections of that person go."""

    confirmed = Signal(object)
    """`DisconnectOrder`."""

    def __init__(
        self,
        store: LiveStore,
        look: Look,
        clock: Clock,
        key: RoomKey,
        participant: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(store, look, clock, parent)
        self._key = key
        self._participant = participant
        room, connections = store.room(key), self._connections()
        self._row = _row(room, connections) if room and connections else None
        self._room_name = safe(room.name or room.room) if room else safe(key.room)
        self._about = plain_label(self, role="muted")
        self._remark = plain_label(self, safe(remark(room)) if room else "", role="muted")
        self._remark.setVisible(bool(self._remark.text()))
        self._others = plain_label(self, role="muted")
        self._reasons = ReasonChoice(look, preselected(room, connections) if room else "conduct", self)
        self._keep_out = ThemedCheckBox(look, tr("Keep out"), self)
        self._how_long = DurationChoice(block_choices(room, store.now_ms()) if room else (), self)
        self._effect = plain_label(self)
        self._touched = False
        self._build(room, connections)

    def _build(self, room: Room | None, connections: tuple[Participant, ...]) -> None:
        self._ask()
        if room is not None:
            self._keep_out.setChecked(self._reasons.reason in KEEPS_OUT and not cannot_block(room, connections))
        out = QHBoxLayout()
        out.addWidget(self._keep_out, 0, Qt.AlignmentFlag.AlignTop)
        out.addWidget(self._how_long, 1)
        out.setSpacing(12)
        self.body.addWidget(self._about)
        self.body.addWidget(self._remark)
        self.body.addWidget(self._others)
        self.body.addSpacing(4)
        self.body.addWidget(plain_label(self, tr("Reason"), role="heading"))
        self.body.addWidget(self._reasons)
        self.body.addSpacing(8)
        self.body.addLayout(out)
        self.body.addWidget(self._effect)
        self._reasons.changed.connect(self._reason_changed)
        self._keep_out.clicked.connect(self._touch)
        self._keep_out.toggled.connect(self.refresh)
        self._how_long.changed.connect(self.refresh)
        self._reasons.take_focus()
        self.refresh()

    # --- what the dialog is about ----------------------------------------------------------------------------------

    def _connections(self) -> tuple[Participant, ...]:
        """The person's connections that are here; empty when the person is gone."""
        room = self.store.room(self._key)
        meant = room.participant(self._participant) if room else None
        if room is None or meant is None:
            return ()
        return tuple(one for one in room.here() if one.person == meant.person)

    @property
    def _name(self) -> str:
        return self._row.title if self._row else safe(self._participant)

    def _ask(self) -> None:
        verb, row = tr("Disconnect {name}"), self._row
        self.ask(
            tr("Disconnect {name} from {room}").format(name=self._name, room=self._room_name),
            verb.format(name=row.titled(short_name(row.name)) if row else short_name(self._name)),
            spoken=verb.format(name=self._name),
        )

    def refresh(self) -> None:
        """Look at the store again: who is there, what it means, whether it can be done."""
        room, connections = self.store.room(self._key), self._connections()
        self.allow(self._why_not(room, connections))
        if room is None or not connections:
            self._about.clear()
            self._effect.clear()
            return
        row = self._row = _row(room, connections)  # somebody of the same name may have come
        self._ask()
        self._about.setText(self._story(row, len(connections)))
        self._say_others(room)
        why = cannot_block(room, connections)
        self._keep_out.setEnabled(not why)
        self._how_long.setVisible(not why and self._keep_out.isChecked())
        result = effect(room, connections, block=self._how_long.block if self._keep_out.isChecked() else False)
        self._effect.setText(f"{why} {result}".strip())

    def _why_not(self, room: Room | None, connections: tuple[Participant, ...]) -> str:
        if room is None or not connections:
            return tr("{name} has left meanwhile.").format(name=self._name)
        ids = {one.id for one in connections}
        if ids <= {one.target for one in room.pending if one.command == "disconnect"}:
            return tr("{name} is being disconnected already.").format(name=self._name)
        intent = Intent(action="disconnect", room=self._key, participant=connections[0].id)
        return self.store.why_not(intent)

    def _story(self, row: PersonRow, count: int) -> str:
        story = tr("Here {time}.").format(time=row.time_here(self.store.now_ms()))
        if count == 1:
            return story
        words = ntr("{count} device is disconnected.", "{count} devices: all are disconnected.", count)
        if count == 2:
            words = tr("2 devices: both are disconnected.")
        return f"{story} {words.format(count=count)}"

    def _say_others(self, room: Room) -> None:
        words = looking_words(room, self.store.now_ms(), self.store.me.id if self.store.me else "")
        if words != self._others.text():
            self._others.setText(words)
            self.fit()
        self._others.setVisible(bool(words))

    # --- what the moderator does -----------------------------------------------------------------------------------

    def _touch(self) -> None:
        self._touched = True

    def _reason_changed(self) -> None:
        if not self._touched and self._keep_out.isEnabled():
            self._keep_out.setChecked(self._reasons.reason in KEEPS_OUT)

    def decided(self) -> bool:
        connections = self._connections()
        if not connections:
            return False
        keep_out = self._keep_out.isEnabled() and self._keep_out.isChecked()
        self.confirmed.emit(
            DisconnectOrder(
                room=self._key,
                participants=tuple(one.id for one in connections),
                user=connections[0].user,
                name=self._name,
                reason=self._reasons.reason,
                block=self._how_long.block if keep_out else False,
            )
        )
        return True


def _row(room: Room, connections: tuple[Participant, ...]) -> PersonRow:
    """The person as the list of people shows them: told apart from somebody else of the same name."""
    (row,) = (one for one in people_of(room) if one.person == connections[0].person)
    return row
