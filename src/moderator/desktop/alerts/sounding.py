"""Has what interrupts be heard, as the user chose. Where the machine has no audio, that is one sentence, said once."""

import logging

from PySide6.QtCore import QObject, Signal

from moderator.desktop.alerts.alert import Alert
from moderator.desktop.alerts.heard import SOUNDS, VOLUME, cue_for
from moderator.desktop.alerts.hush import Hush
from moderator.desktop.preferences import Preferences
from moderator.desktop.sounds.cues import CUES, Cue
from moderator.desktop.sounds.player import Player
from moderator.desktop.sounds.speaker import SpeakerError
from moderator.language import tr
from moderator.tasks import TaskScope

logger = logging.getLogger(__name__)


class Sounding(QObject):
    """One cue at a time; while one is played only what is more urgent is heard after it."""

    status_changed = Signal(str)
    """Why nothing is heard, or nothing."""

    def __init__(self, preferences: Preferences, hush: Hush, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.status = ""
        self._preferences = preferences
        self._hush = hush
        self._player = player
        self._latest: Cue | None = None
        """The cue that is played, or waits for the end of one."""

    def hear(self, came: tuple[Alert, ...], scope: TaskScope) -> None:
        """These came up: play what stands for them."""
        heard = {cue: self._preferences.get(preference) for cue, preference in SOUNDS.items()}
        found = [one.interruption for one in came if one.interruption is not None and self._hush.lets_sound(one)]
        cue = cue_for(found, heard)
        is_drowned = self._latest is not None and (cue is None or CUES.index(cue) <= CUES.index(self._latest))
        if cue is not None and not is_drowned and self._preferences.get(VOLUME) > 0:
            self._latest = cue
            scope.start("sound", self._play(cue))

    async def play_now(self, cue: Cue) -> str:
        """Play a cue even where it is off, as loud as was chosen; returns what is wrong, or nothing."""
        try:
            await self._player.play(cue, self._preferences.get(VOLUME))
        except SpeakerError as error:
            self._say(tr("No sound: no audio device works here"), error)
        else:
            self._say("", None)
        return self.status

    def close(self) -> None:
        """The program ends."""
        self._player.close()

    async def _play(self, cue: Cue) -> None:
        try:
            await self.play_now(cue)
        finally:
            if self._latest == cue:
                self._latest = None

    def _say(self, status: str, error: SpeakerError | None) -> None:
        if status != self.status:
            self.status = status
            logger.info("sounds: %s", error or "played")
            self.status_changed.emit(status)
