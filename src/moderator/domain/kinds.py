"""The sorts of things that can stand in the log, and the words they share. What each says is in `events`."""

from typing import Literal

from msgspec import Struct

from moderator.domain.ids import EventId

StreamKind = Literal["camera", "screen", "microphone", "custom"]
ActorKind = Literal["provider", "moderator", "policy", "timer", "gateway", "application"]
MuteMode = Literal["mute", "revoke", "restore"]
"""Once; until it is given back; given back."""
Reason = Literal["not_listed", "room_full", "wrong_share", "time_over", "conduct", "technical", "other"]


class Data(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What all kinds of event share: nothing but being immutable."""


class Fact(Data, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Something a platform reported, or that follows from its own lists."""


class Decision(Data, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A proposal of ours. The lowest `seq` wins its slot; the fold refuses the others."""


class Command(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A decision that a provider has to carry out; open until confirmed or failed."""

    @property
    def target(self) -> str:
        """The participant, or empty for the whole room."""
        return str(getattr(self, "participant", ""))


class Outcome(Decision, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What became of a command."""

    command: EventId
    participant: str = ""
    why: str = ""
    """A sentence for people; empty when there is nothing to explain."""
    code: str = ""


class Notice(Data, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Written down for people and audits; changes no room."""
