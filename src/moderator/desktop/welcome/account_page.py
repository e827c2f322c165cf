"""What a platform wants to know of an account, field by field; and what the account is called here."""

from collections.abc import Collection
from secrets import token_hex

from PySide6.QtWidgets import QWidget

from moderator.desktop.theme.look import Look
from moderator.desktop.welcome.entry import Entry
from moderator.desktop.welcome.page import Page
from moderator.desktop.welcome.platforms import Field, Platform
from moderator.desktop.welcome.validation import assignments, free_name, is_complete, problem, problem_of_name
from moderator.language import tr


class AccountPage(Page):
    """Judges while somebody types. Lines such as `LIVEKIT_API_KEY=...`, pasted together, fill all fields at once."""

    def __init__(self, platform: Platform, taken: Collection[str], look: Look, parent: QWidget | None = None) -> None:
        heading = tr("Your account at {platform}").format(platform=platform.name)
        super().__init__(
            heading, tr("Secrets are kept in the system's keyring, or in a file only you can read."), tr("Next"), parent
        )
        self.platform = platform
        self._taken = taken
        self.entries: dict[str, Entry] = {}
        for field in platform.fields:
            self.entries[field.key] = self._entry(field, look)
        note = tr("What the source is called in the window and in the configuration.")
        self.name = Entry(tr("Name"), note, look, self)
        self.name.line.setText(free_name(platform.provider, taken))
        self.name.changed.connect(self._judge_name)
        self.body.addWidget(self.name)
        self.body.addStretch(1)

    @property
    def ready(self) -> bool:
        complete = all(is_complete(field, self.entries[field.key].text) for field in self.platform.fields)
        return complete and not problem_of_name(self.name.text, self._taken)

    @property
    def options(self) -> dict[str, str]:
        """What is no secret, by key."""
        return self._given(secret=False)

    @property
    def secrets(self) -> dict[str, str]:
        """What is one, by key."""
        return self._given(secret=True)

    def take_focus(self) -> None:
        """To the first that is not filled in."""
        fields = self.platform.fields
        missing = (one for one in fields if not is_complete(one, self.entries[one.key].text))
        self.entries[next(missing, fields[0]).key].line.setFocus()

    # --- how -------------------------------------------------------------------------------------------------------

    def _given(self, *, secret: bool) -> dict[str, str]:
        found = {one.key: self.entries[one.key].text for one in self.platform.fields if one.secret is secret}
        return {key: text for key, text in found.items() if text}

    def _entry(self, field: Field, look: Look) -> Entry:
        label = tr("{field} (optional)").format(field=tr(field.label)) if field.optional else tr(field.label)
        from_file = field.kind == "private_key"
        entry = Entry(label, tr(field.where), look, self, secret=field.secret, from_file=from_file)
        entry.line.setPlaceholderText(field.example)
        entry.line.setText(token_hex(16) if field.made_here else field.initial)
        entry.changed.connect(lambda: self._judge(field))
        self.body.addWidget(entry)
        return entry

    def _judge(self, field: Field) -> None:
        entry = self.entries[field.key]
        if several := assignments(entry.line.text(), self.platform.fields):
            self._fill_in(several)
            return
        entry.say(problem(field, entry.text))
        self.changed.emit()

    def _fill_in(self, values: dict[str, str]) -> None:
        for key, value in values.items():
            self.entries[key].line.setText(value)
        self.take_focus()

    def _judge_name(self) -> None:
        self.name.say(problem_of_name(self.name.text, self._taken))
        self.changed.emit()
