"""What happened, as a sentence in a moderator's words: a template per kind of event. What the words of a template stand
for is in `event_words`."""

from typing import Final

from moderator.client.event_words import WORDS, member, who
from moderator.client.texts import safe
from moderator.domain.events import Event, Unknown
from moderator.domain.rooms import Room

_SENTENCES: Final[dict[str, str]] = {
    "room_started": "the room started",
    "room_ended": "the room ended",
    "participant_joined": "{who} joined",
    "participant_updated": "more is known of {who}",
    "participant_left": "{who} {left}",
    "stream_published": "{who} shares a {medium}",
    "stream_updated": "{who} {muted}",
    "stream_unpublished": "{who} stopped sharing",
    "source_restarted": "the media server restarted",
    "deadline_reported": "{platform} {reported_end}",
    "capabilities_reported": "the platform {permits}",
    "deadline_set": "{set_end}",
    "deadline_extended": "{by} {extended}{new_end}",
    "deadline_cleared": "the deadline was cleared by {by}: {reason}",
    "extension_requested": "{by} asked {platform} {asked}",
    "extension_confirmed": "{platform} moved the end",
    "extension_failed": "the end could not be moved: {why}",
    "warning_raised": "{threshold} left",
    "warning_acknowledged": "the warning was acknowledged by {by}",
    "time_expired": "time is up",
    "violation_found": "{who} is not allowed here: {objection}{observed}",
    "violation_cleared": "{who} is no violation any more",
    "person_allowed": "{by} allowed {who} to stay",
    "person_blocked": "{by} blocked {who} {until}",
    "person_readmitted": "{by} let {who} come back",
    "room_claimed": "{owner} looks after the room",
    "room_released": "nobody looks after the room any more",
    "room_locked": "{by} locked the room{kept_in}",
    "room_unlocked": "{by} unlocked the room",
    "room_announced": "{by} announced {name}{begins}",
    "announcement_withdrawn": "{by} withdrew the appointment {name}",
    "room_opened": "a room was opened for {name}",
    "credentials_issued": "{who} got credentials{as_role}, good until {expiry}",
    "credentials_refused": "{who} was refused credentials: {refusal}",
    "escalation_started": "nobody has taken care of {subject_words}: telling {whom}",
    "escalation_sent": "nobody had taken care of {subject_words}: told {whom}",
    "escalation_failed": "nobody had taken care of {subject_words}, and {whom} could not be told: {why}",
    "disconnect_requested": "{who} is being disconnected by {by}: {reason}",
    "disconnect_confirmed": "{who} was disconnected{told_why}",
    "disconnect_failed": "{who} could not be disconnected: {why}",
    "mute_requested": "{who} {muting}",
    "mute_confirmed": "{who}'s microphone was changed as asked",
    "mute_failed": "{who}'s microphone could not be changed: {why}",
    "stream_stop_requested": "a stream of {who} is being stopped by {by}",
    "stream_stop_confirmed": "a stream of {who} was stopped",
    "stream_stop_failed": "a stream of {who} could not be stopped: {why}",
    "room_end_requested": "the room is being ended by {by}: {reason}",
    "room_end_confirmed": "the room was ended",
    "room_end_failed": "the room could not be ended: {why}",
    "message_requested": "{wrote}: {text}",
    "message_confirmed": "the message was sent",
    "message_failed": "the message could not be sent: {why}",
    "decision_refused": "{refused} by {by} was refused: {why}",
    "room_reconciled": "the platform's list differed: {added} came, {removed} went",
    "provider_event_unknown": "{told}",
    "source_silent": "nothing is heard from the platform: {detail}",
    "source_recovered": "the platform is heard again",
    "enforcement_held": "automatic disconnects are paused by {by}: {reason}",
    "enforcement_resumed": "automatic disconnects were resumed by {by}",
    "config_loaded": "the gateway started with its configuration",
    "access_denied": "access was denied to {origin}: {reason}",
    "duty_started": "{owner} is on duty",
    "duty_ended": "{owner} is off duty",
    "token_issued": "{subject_name} signed in",
    "sign_in_approved": "{by} let {subject_name} sign in",
    "sign_in_denied": "{by} refused a sign-in",
    "token_revoked": "{by} took an access token back",
    "audit_viewed": "{by} read the audit",
    "audit_exported": "{by} exported the audit as {format}",
    "person_erased": "{by} erased a person, now called {pseudonym}",
    "log_trimmed": "{entries} entries were taken out of the log because of their age",
    "checkpoint": "the log was sealed so far",
}


def sentence(event: Event, room: Room | None, person: str = "") -> str:
    """The sentence; `room` is the room as it is after the event, where it is known. Safe to print.

    `person`: what the participant is called whom it is about, where neither of the two says it.
    """
    template = _SENTENCES.get(event.kind) if not isinstance(event.data, Unknown) else None
    if template is None:
        template = safe(event.kind.replace("_", " ")).replace("{", "{{").replace("}", "}}")
    text = template.format_map(_Words(event, room, person)).strip().removesuffix(":")
    return f"{text} (reported late)" if event.late else text


class _Words(dict[str, str]):
    """What the words of a template stand for: looked up when they are used."""

    def __init__(self, event: Event, room: Room | None, person: str) -> None:
        super().__init__()
        self._person = person
        self._event = event
        self._room = room

    def __missing__(self, word: str) -> str:
        if word == "who":
            return safe(who(self._event, self._room, self._person))
        special = WORDS.get(word)
        return safe(special(self._event, self._room) if special else member(self._event, word))
