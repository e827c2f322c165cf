"""Keeps the alerts up to date with the store: works them out again for rooms that changed, and when time has passed."""

from collections.abc import Iterable
from itertools import chain
from typing import Final

from PySide6.QtCore import QObject, Signal

from moderator.desktop.alerts.absence_alerts import absence_alerts
from moderator.desktop.alerts.alarm_rate import AlarmRate, counted, rate_alerts
from moderator.desktop.alerts.alert import Alert, arranged
from moderator.desktop.alerts.failure_alerts import failure_alerts
from moderator.desktop.alerts.grouping import grouped, members_of
from moderator.desktop.alerts.news import Item, heard, hold_alerts, news_alerts, silence_alerts
from moderator.desktop.alerts.removal_alerts import removal_alerts
from moderator.desktop.alerts.time_alerts import next_change, time_alerts
from moderator.desktop.alerts.violation_alerts import violation_alerts
from moderator.desktop.live_store import LiveStore
from moderator.desktop.pace import Pace
from moderator.desktop.upcoming.agenda import Agenda
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room

FORGOTTEN_MS: Final = 10 * 60_000
"""So long after a dismissed alert was true last: its room has ended by then, or its deadline is another."""


class AlertBoard(QObject):
    """Every alert there is now. The panel, the tray and the system's notifications read it."""

    changed = Signal()
    """`alerts` is another."""

    def __init__(self, store: LiveStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.alerts: tuple[Alert, ...] = ()
        """Greatest need first; those of a family stand next to each other or not, see `shown`."""
        self.shown: tuple[Alert, ...] = ()
        """The alerts as people see them: many of a family as one."""
        self.needs: tuple[Alert, ...] = ()
        """Those that need somebody: not what is only good to know."""
        self.pace = 1.0
        """How much quicker than ours the time of the rooms runs."""
        self._store = store
        self._of_room: dict[RoomKey, tuple[Alert, ...]] = {}
        self._due: dict[RoomKey, int] = {}
        """When there is something else to say of a room by then, although nothing happens."""
        self._news: tuple[Item, ...] = ()
        self._rate = AlarmRate()
        self._test: tuple[Alert, ...] = ()
        self._dismissed: dict[str, int] = {}
        """Ids, with when each was true last."""
        self._was_held = False
        self._agenda: Agenda | None = None
        self._pace = Pace(store, self._arrange, self)
        store.somebody_else.connect(self._forget_news)
        store.replaced.connect(self._take_all)
        store.me_updated.connect(self._take_all)
        store.rooms_updated.connect(self._take)
        store.events_arrived.connect(self._hear)
        self._take_all()

    def follow(self, agenda: Agenda) -> None:
        """Tell from now on who has not come to an appointment."""
        self._agenda = agenda
        agenda.changed.connect(self._arrange)
        self._arrange()

    def dismiss(self, shown: Alert) -> None:
        """Somebody has seen enough of it: it does not come back, even when its room changes, until its id does."""
        self._dismissed.update((one.id, self._store.now_ms()) for one in members_of(shown, self.alerts))
        self._arrange()

    def interrupted(self, times: int) -> None:
        """The moderator was interrupted so many times just now: too often is an alert of its own."""
        self._rate = counted(self._rate, times, self._store.now_ms(), pace=self.pace)
        self._pace.ask()

    def show_test(self, *test: Alert) -> None:
        """An alert that is a test stands among the others; none takes it away."""
        self._test = test
        self._arrange()

    def tick(self) -> None:
        """A second has passed: for some rooms time is up or nobody has answered, and news are old."""
        now_ms = self._store.now_ms()
        due = [key for key, moment in self._due.items() if moment <= now_ms]
        self._news = heard((), None, {}, self._news, now_ms)
        self._rate = counted(self._rate, 0, now_ms, pace=self.pace)
        self._take(due)
        self._pace.ask()

    def _forget_news(self) -> None:
        """They were told to somebody else, who dismissed what they had seen."""
        self._news, self._rate = (), AlarmRate()
        self._dismissed.clear()

    def _take_all(self) -> None:
        self._of_room.clear()
        self._due.clear()
        self._was_held = self._store.hold is not None
        for room in self._store.rooms():
            self._work_out(room)
        self._arrange()

    def _take(self, keys: Iterable[RoomKey]) -> None:
        if self._was_held != (self._store.hold is not None):  # it bears on what is said of every room
            self._take_all()
            return
        renewed = [self._renew(key) for key in keys]
        if any(renewed):
            self._pace.ask()

    def _renew(self, key: RoomKey) -> bool:
        """Work a room out again; whether there is something else to say of it."""
        before = self._of_room.pop(key, None)
        self._due.pop(key, None)
        if (room := self._store.room(key)) is not None:
            self._work_out(room)
        return before != self._of_room.get(key)

    def _work_out(self, room: Room) -> None:
        now_ms, held = self._store.now_ms(), self._store.hold is not None
        found = (
            *time_alerts(room, self._store.me, now_ms, held=held),
            *violation_alerts(room, self._store.me, held=held),
            *failure_alerts(room, self._store.me),
            *removal_alerts(room, self._store.past_violations(room), now_ms),
        )
        if found:
            self._of_room[room.key] = found
        if (due := next_change(room, now_ms)) is not None:
            self._due[room.key] = due

    def _hear(self, events: tuple[Event, ...]) -> None:
        keys = {event.key for event in events} - {None}
        names = {room.key: room.name for key in keys if key and (room := self._store.room(key)) is not None}
        news = heard(events, self._store.me, names, self._news, self._store.now_ms())
        about_all = any(event.key is None for event in events)
        if about_all or news != self._news or not events:
            self._news = news
            self._take(())
            self._pace.ask()

    def _arrange(self) -> None:
        silences = silence_alerts(self._store.sources.values(), self._store.now_ms())
        absences = absence_alerts(self._agenda.coming) if self._agenda else ()
        others = (*hold_alerts(self._store.hold), *silences, *absences, *news_alerts(self._news))
        true = tuple(chain(others, rate_alerts(self._rate), self._test, *self._of_room.values()))
        self._forget(true)
        alerts = arranged(true, self._dismissed)
        if alerts != self.alerts:
            self.alerts, self.shown = alerts, grouped(alerts)
            self.needs = tuple(one for one in alerts if one.level != "info")
            self.changed.emit()

    def _forget(self, true: Iterable[Alert]) -> None:
        """Dismissed alerts that cannot come back."""
        now_ms = self._store.now_ms()
        self._dismissed.update((one.id, now_ms) for one in true if one.id in self._dismissed)
        for id_ in [id_ for id_, at in self._dismissed.items() if now_ms - at > FORGOTTEN_MS]:
            del self._dismissed[id_]
