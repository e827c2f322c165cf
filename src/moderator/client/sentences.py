"""What happened, as a sentence in a moderator's words: one whole sentence for each kind of event and its variants.

Which variant an event is told with is decided in `event_variants`; what the placeholders stand for in `event_words`.
"""

from collections.abc import Callable
from typing import Final

from moderator.client.event_variants import variant_of
from moderator.client.event_words import WORDS, Name, count_of, member, who
from moderator.client.texts import safe
from moderator.domain.events import Event, Unknown
from moderator.domain.rooms import Room
from moderator.language import marked, ntr, tr

_SENTENCES: Final[dict[str, str]] = {
    "room_started": marked("the room started"),
    "room_ended": marked("the room ended"),
    "participant_joined": marked("{who} joined"),
    "participant_updated": marked("more is known of {who}"),
    "participant_left": marked("{who} left"),
    "participant_left:everybody": marked("everybody left"),
    "participant_left:removed": marked("{who} was removed"),
    "participant_left:machine": marked("{who} is no person, and left out"),
    "stream_published": marked("{who} shares a stream"),
    "stream_published:camera": marked("{who} shares a camera"),
    "stream_published:microphone": marked("{who} shares a microphone"),
    "stream_published:screen": marked("{who} shares a screen"),
    "stream_updated": marked("{who} changed a stream"),
    "stream_updated:muted": marked("{who} was muted"),
    "stream_updated:unmuted": marked("{who} was unmuted"),
    "stream_unpublished": marked("{who} stopped sharing"),
    "source_restarted": marked("the media server restarted"),
    "deadline_reported": marked("{platform} ends this room at {end}"),
    "deadline_reported:none": marked("{platform} sets no end for this room"),
    "capabilities_reported": marked("the platform allows here all it can do"),
    "capabilities_reported:less": marked("the platform does not allow here: {actions}"),
    "deadline_set": marked("ends at {end}"),
    "deadline_set:platform": marked("{platform} ends this room at {end}"),
    "deadline_set:moderator": marked("the end was set to {end} by {by}"),
    "deadline_extended": marked("{by} added {amount}"),
    "deadline_extended:more_now": marked("{by} added {amount}, ends at {new_end}"),
    "deadline_extended:less": marked("{by} took {amount} away"),
    "deadline_extended:less_now": marked("{by} took {amount} away, ends at {new_end}"),
    "deadline_cleared": marked("the deadline was cleared by {by}"),
    "deadline_cleared:why": marked("the deadline was cleared by {by}: {reason}"),
    "extension_requested": marked("{by} asked {platform} to end at {end}"),
    "extension_requested:more": marked("{by} asked {platform} for {amount} more"),
    "extension_requested:less": marked("{by} asked {platform} for {amount} less"),
    "extension_confirmed": marked("{platform} moved the end"),
    "extension_failed": marked("the end could not be moved"),
    "extension_failed:why": marked("the end could not be moved: {why}"),
    "warning_raised": marked("{threshold} left"),
    "warning_acknowledged": marked("the warning was acknowledged by {by}"),
    "time_expired": marked("time is up"),
    "violation_found": marked("{who} is not allowed here: {objection}"),
    "violation_found:observed": marked("{who} is not allowed here: {objection} (only observed)"),
    "violation_cleared": marked("{who} is no violation any more"),
    "person_allowed": marked("{by} allowed {who} to stay"),
    "person_blocked": marked("{by} blocked {who} for good"),
    "person_blocked:until": marked("{by} blocked {who} until {until}"),
    "person_readmitted": marked("{by} let {who} come back"),
    "room_claimed": marked("{owner} claimed the room"),
    "room_released": marked("nobody looks after the room any more"),
    "viewing_started": marked("{by} looks at the room"),
    "viewing_ended": marked("{by} looks at the room no more"),
    "room_locked": marked("{by} locked the room"),
    "room_unlocked": marked("{by} unlocked the room"),
    "room_announced": marked("{by} announced {name}, {begins}"),
    "room_announced:ends": marked("{by} announced {name}, {begins} to {ends}"),
    "announcement_withdrawn": marked("{by} withdrew the appointment {name}"),
    "room_opened": marked("a room was opened for {name}"),
    "credentials_issued": marked("{who} got credentials, good until {expiry}"),
    "credentials_issued:role": marked("{who} got credentials as {role}, good until {expiry}"),
    "credentials_refused": marked("{who} was refused credentials: {refusal}"),
    "escalation_started": marked("nobody has taken care of it: telling {whom}"),
    "escalation_started:warning": marked("nobody has taken care of the warning of {subject_time}: telling {whom}"),
    "escalation_started:violation": marked("nobody has taken care of the violation: telling {whom}"),
    "escalation_started:hold": marked("nobody has resumed automatic disconnects: telling {whom}"),
    "escalation_sent": marked("nobody had taken care of it: told {whom}"),
    "escalation_sent:warning": marked("nobody had taken care of the warning of {subject_time}: told {whom}"),
    "escalation_sent:violation": marked("nobody had taken care of the violation: told {whom}"),
    "escalation_sent:hold": marked("nobody had resumed automatic disconnects: told {whom}"),
    "escalation_failed": marked("nobody had taken care of it, and {whom} could not be told: {why}"),
    "escalation_failed:warning": marked(
        "nobody had taken care of the warning of {subject_time}, and {whom} could not be told: {why}"
    ),
    "escalation_failed:violation": marked(
        "nobody had taken care of the violation, and {whom} could not be told: {why}"
    ),
    "escalation_failed:hold": marked("nobody had resumed automatic disconnects, and {whom} could not be told: {why}"),
    "disconnect_requested": marked("{who} is being disconnected by {by}: {reason}"),
    "disconnect_confirmed": marked("{who} was disconnected"),
    "disconnect_confirmed:told": marked("{who} was disconnected and was told why"),
    "disconnect_confirmed:not_told": marked("{who} was disconnected, but could not be told why"),
    "disconnect_failed": marked("{who} could not be disconnected"),
    "disconnect_failed:why": marked("{who} could not be disconnected: {why}"),
    "mute_requested": marked("{who} is being muted by {by}"),
    "mute_requested:revoke": marked("{who} is losing the microphone, ordered by {by}"),
    "mute_requested:restore": marked("{who} is getting the microphone back from {by}"),
    "mute_confirmed": marked("{who}'s microphone was changed as asked"),
    "mute_failed": marked("{who}'s microphone could not be changed"),
    "mute_failed:why": marked("{who}'s microphone could not be changed: {why}"),
    "stream_stop_requested": marked("a stream of {who} is being stopped by {by}"),
    "stream_stop_confirmed": marked("a stream of {who} was stopped"),
    "stream_stop_failed": marked("a stream of {who} could not be stopped"),
    "stream_stop_failed:why": marked("a stream of {who} could not be stopped: {why}"),
    "room_end_requested": marked("the room is being ended by {by}: {reason}"),
    "room_end_confirmed": marked("the room was ended"),
    "room_end_failed": marked("the room could not be ended"),
    "room_end_failed:why": marked("the room could not be ended: {why}"),
    "message_requested": marked("the room was told: {text}"),
    "message_requested:moderator": marked("{by} wrote: {text}"),
    "message_confirmed": marked("the message was sent"),
    "message_failed": marked("the message could not be sent"),
    "message_failed:why": marked("the message could not be sent: {why}"),
    "decision_refused": marked("{refused} by {by} was refused: {why}"),
    "decision_refused:extension": marked("{by} could not change the end: {why}"),
    "room_reconciled": marked("the platform's list differed: {added} came, {removed} went"),
    "provider_event_unknown": marked("from the platform, kept as it came: {problem}"),
    "provider_event_unknown:understood": "{problem}",
    "source_silent": marked("nothing is heard from the platform"),
    "source_silent:why": marked("nothing is heard from the platform: {detail}"),
    "source_recovered": marked("the platform is heard again"),
    "enforcement_held": marked("automatic disconnects are paused by {by}"),
    "enforcement_held:why": marked("automatic disconnects are paused by {by}: {reason}"),
    "enforcement_resumed": marked("automatic disconnects were resumed by {by}"),
    "config_loaded": marked("the gateway started with its configuration"),
    "access_denied": marked("access was denied to {origin}"),
    "access_denied:why": marked("access was denied to {origin}: {reason}"),
    "duty_started": marked("{owner} went on duty"),
    "duty_ended": marked("{owner} went off duty"),
    "token_issued": marked("{subject_name} signed in"),
    "sign_in_approved": marked("{by} let {subject_name} sign in"),
    "sign_in_denied": marked("{by} refused a sign-in"),
    "token_revoked": marked("{by} took an access token back"),
    "audit_viewed": marked("{by} read the audit"),
    "audit_exported": marked("{by} exported the audit as {format}"),
    "person_erased": marked("{by} erased a person, now called {pseudonym}"),
    "log_trimmed": marked("entries were taken out of the log because of their age"),
    "checkpoint": marked("the log was sealed so far"),
}
"""By kind, and by `kind:variant` where a variant says more. A sentence is a part of a line, so it begins small."""

_COUNTED: Final[dict[str, Callable[[int], str]]] = {
    "room_locked:people": lambda count: ntr(
        "{by} locked the room: 1 person may stay", "{by} locked the room: {count} people may stay", count
    ),
    "room_announced:people": lambda count: ntr(
        "{by} announced {name}, {begins}, for 1 person", "{by} announced {name}, {begins}, for {count} people", count
    ),
    "room_announced:ends_people": lambda count: ntr(
        "{by} announced {name}, {begins} to {ends}, for 1 person",
        "{by} announced {name}, {begins} to {ends}, for {count} people",
        count,
    ),
    "log_trimmed:counted": lambda count: ntr(
        "1 entry was taken out of the log because of its age",
        "{count} entries were taken out of the log because of their age",
        count,
    ),
}
"""Variants that name a number."""


def sentence(event: Event, room: Room | None, person: str = "") -> str:
    """The sentence; `room` is the room as it is after the event, where it is known. Safe to print.

    `person`: what the participant is called whom it is about, where neither of the two says it.
    """
    text = _filled(_template(event, room), _Words(event, room, person))
    return tr("{sentence} (reported late)").format(sentence=text) if event.late else text


def headline(event: Event, room: Room | None, person: str = "") -> str:
    """The same to stand alone: it begins with a capital, unless somebody's own spelling comes first. Safe to print.

    That it was reported late is left to whoever shows it.
    """
    template, words = _template(event, room), _Words(event, room, person)
    text = _filled(template, words)
    first = template[1:].partition("}")[0] if template.startswith("{") else ""
    return text if first and isinstance(words[first], Name) else text[:1].upper() + text[1:]


def _template(event: Event, room: Room | None) -> str:
    if isinstance(event.data, Unknown) or event.kind not in _SENTENCES:
        return safe(event.kind.replace("_", " ")).replace("{", "{{").replace("}", "}}")
    key = f"{event.kind}:{variant_of(event, room)}"
    if (counted := _COUNTED.get(key)) is not None:
        return counted(count_of(event))
    return tr(_SENTENCES.get(key) or _SENTENCES[event.kind])


def _filled(template: str, words: "_Words") -> str:
    return template.format_map(words).strip()


class _Words(dict[str, str]):
    """What the placeholders stand for: looked up when they are used."""

    def __init__(self, event: Event, room: Room | None, person: str) -> None:
        super().__init__()
        self._person = person
        self._event = event
        self._room = room

    def __missing__(self, word: str) -> str:
        if word == "who":
            found = who(self._event, self._room, self._person)
        else:
            special = WORDS.get(word)
            found = special(self._event, self._room) if special else Name(member(self._event, word))
        return Name(safe(found)) if isinstance(found, Name) else safe(found)
