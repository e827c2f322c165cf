"""Whether the account works: what was looked at, sentence by sentence as it comes."""

from PySide6.QtWidgets import QWidget

from moderator.client.texts import safe
from moderator.desktop.link_text import sentence
from moderator.desktop.theme.look import Look
from moderator.desktop.welcome.page import IconLine, Page
from moderator.desktop.welcome.platforms import Platform
from moderator.desktop.welcome.validation import with_labels
from moderator.desktop.widgets.announcing import announce
from moderator.language import tr
from moderator.launch.checking import Found


class CheckPage(Page):
    """Asks nobody itself. What is said of webhooks is no fault yet: their address comes next."""

    def __init__(self, platform: Platform, entered: Page, look: Look, parent: QWidget | None = None) -> None:
        """`entered` is where what is checked can be changed."""
        heading = tr("Checking your account at {platform}").format(platform=platform.name)
        super().__init__(heading, tr("Nothing is kept until this is done."), tr("Connect"), parent)
        self.back_verb = tr("Change")
        self.back_to = entered
        self._look, self._fields = look, platform.fields
        self.lines: list[IconLine] = []
        self._running = True
        self._works = True
        self._waiting = self._line()
        self._waiting.say("loader-circle", "muted", tr("Asking the platform…"))
        self.body.addStretch(1)

    @property
    def ready(self) -> bool:
        return not self._running

    @property
    def sure(self) -> bool:
        return self._works

    def found(self, one: Found) -> None:
        """One thing was looked at. Beside what is wrong, nobody wants to read what is right."""
        if one.webhooks or (one.ok and not one.todo and not self._works):
            return
        icon, color = ("circle-check", "live") if one.ok else ("circle-x", "critical")
        if one.ok and one.todo:
            icon, color = "circle-alert", "warn"
        self._works = self._works and one.ok
        line = self._line()
        what, remedy = (with_labels(words, self._fields) for words in (one.what, "" if one.ok else one.remedy))
        line.say(icon, color, safe(sentence(what)), "\n".join(map(safe, remedy.splitlines())))
        self.lines.append(line)

    def finish(self) -> None:
        """All was looked at."""
        self._end()
        if not self._works:
            self.verb = tr("Connect anyway")
        self.changed.emit()

    def fail(self, sentence: str) -> None:
        """It could not be looked at, or not be kept."""
        line = self._line()
        line.say("circle-x", "critical", safe(sentence))
        self.lines.append(line)
        self._works = False
        self.verb = ""
        self._end()
        self.changed.emit()

    def keep(self) -> None:
        """The account is being kept: there is no way back until that is done."""
        self._running = True
        self.back_verb = ""
        self._waiting.say("loader-circle", "muted", tr("Keeping the account…"))
        self._waiting.show()
        self.changed.emit()

    def _end(self) -> None:
        announce(self, " ".join(line.text.text() for line in self.lines), urgent=False)
        self._running = False
        self.back_verb = tr("Change")
        self._waiting.hide()

    def _line(self) -> IconLine:
        line = IconLine(self._look, self)
        self.body.insertWidget(len(self.lines), line)
        return line
