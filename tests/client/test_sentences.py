"""What `watch` says."""

import re
from collections.abc import Iterator
from gettext import NullTranslations
from typing import Final

import msgspec
import pytest
from msgspec.structs import replace

from moderator import language
from moderator.cli.watching import line
from moderator.client import sentences
from moderator.client.event_words import WORDS
from moderator.client.sentences import headline, sentence
from moderator.client.texts import clock_time
from moderator.domain import accounting as a
from moderator.domain import events as e
from moderator.domain.announcements import AnnouncementWithdrawn, Listed, RoomAnnounced, RoomOpened
from moderator.domain.events import KINDS, Actor
from moderator.domain.ids import EventId, RoomId
from moderator.domain.kinds import Data
from moderator.domain.rooms import Deadline, Room
from moderator.domain.settings import Settings
from tests.fakes.builders import DAY, a_decision, a_fact, an_entry, folded, joined, room_started, the_room
from tests.fakes.pseudo import BEGIN, PseudoTranslations

MAYA = Actor("moderator", "m1", "Maya")
STATE = folded(
    an_entry(
        room_started(DAY, name="cardio"), joined("p", DAY, user="u1", name="Bill"), joined("j@", DAY + 5, name="Jan")
    )
)


def said(data: Data, room: Room | None = None) -> str:
    known = replace(the_room(STATE), provider="stream") if room is None else room
    return sentence(a_decision(data, by=MAYA), known)


def test_every_kind_has_a_sentence() -> None:
    assert {key for key in sentences._SENTENCES if ":" not in key} == set(KINDS)


@pytest.mark.parametrize("key", sorted({*sentences._SENTENCES, *sentences._COUNTED}))
def test_no_word_is_missing(key: str) -> None:
    """Each placeholder of a sentence is one that is looked up, or a member of the event."""
    members = {field.name for field in msgspec.structs.fields(KINDS[key.partition(":")[0]])}
    counted = sentences._COUNTED.get(key)
    template = counted(2) if counted else sentences._SENTENCES[key]
    assert set(re.findall(r"{(\w+)}", template)) <= members | set(WORDS)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (e.ParticipantJoined(participant="x", name="Alice", user="u2"), "Alice joined"),
        (e.ParticipantJoined(participant="x", user="u2"), "u2 joined"),
        (e.ParticipantJoined(participant="x"), "x joined"),
        (e.ParticipantLeft(participant="p"), "Bill left"),
        (e.ParticipantLeft(participant="p", forced=True), "Bill was removed"),
        (e.ParticipantLeft(participant="PA_1", machine=True), "PA_1 is no person, and left out"),
        (e.ParticipantLeft(participant="j@"), "Jan left"),
        (e.StreamPublished(participant="p", stream="s", kind="screen", name="slides"), "Bill shares a screen"),
        (e.StreamUpdated(participant="p", stream="s", muted=True), "Bill was muted"),
        (e.WarningRaised(deadline_version=1, threshold_ms=300_000), "5:00 left"),
        (e.DeadlineExtended(version=2, seconds=300), "Maya added 5:00"),
        (e.DeadlineExtended(version=2, seconds=-60), "Maya took 1:00 away"),
        (e.TimeExpired(deadline_version=1), "time is up"),
        (e.DeadlineReported(ends_at=DAY), f"Stream ends this room at {clock_time(DAY)}"),
        (e.DeadlineReported(), "Stream sets no end for this room"),
        (e.DeadlineSet(version=1, ends_at=DAY), f"the end was set to {clock_time(DAY)} by Maya"),
        (e.ExtensionRequested(version=2, ends_at=DAY, seconds=300), "Maya asked Stream for 5:00 more"),
        (e.ExtensionRequested(version=2, ends_at=DAY, seconds=-60), "Maya asked Stream for 1:00 less"),
        (e.ExtensionRequested(version=1, ends_at=DAY), f"Maya asked Stream to end at {clock_time(DAY)}"),
        (e.ExtensionConfirmed(command=EventId("c")), "Stream moved the end"),
        (e.ExtensionFailed(command=EventId("c"), why="not allowed"), "the end could not be moved: not allowed"),
        (e.CapabilitiesReported(), "the platform allows here all it can do"),
        (
            e.CapabilitiesReported(unavailable={"stop_stream": "no right", "extend": ""}),
            "the platform does not allow here: extend, stop stream",
        ),
        (e.MuteRequested(participant="p"), "Bill is being muted by Maya"),
        (e.MuteRequested(participant="p", mode="revoke"), "Bill is losing the microphone, ordered by Maya"),
        (e.MuteRequested(participant="p", mode="restore"), "Bill is getting the microphone back from Maya"),
        (e.MuteConfirmed(command=EventId("c"), participant="p"), "Bill's microphone was changed as asked"),
        (
            e.DisconnectRequested(participant="p", reason="not_listed"),
            "Bill is being disconnected by Maya: not on the list",
        ),
        (
            e.DisconnectRequested(participant=f"j@{DAY + 5}", reason="conduct"),
            "Jan is being disconnected by Maya: conduct",
        ),
        (e.DisconnectConfirmed(command=EventId("c"), participant="p"), "Bill was disconnected"),
        (
            e.DisconnectFailed(command=EventId("c"), participant="p", why="no"),
            "Bill could not be disconnected: no",
        ),
        (e.PersonBlocked(user="u1"), "Maya blocked Bill for good"),
        (e.PersonBlocked(user="u9", until=DAY), f"Maya blocked u9 until {clock_time(DAY)}"),
        (e.PersonReadmitted(user="u1"), "Maya let Bill come back"),
        (e.PersonAllowed(person="u1"), "Maya allowed Bill to stay"),
        (e.RoomClaimed(moderator="m2", name="Max"), "Max claimed the room"),
        (e.MessageRequested(text="Hi {who}"), "Maya wrote: Hi {who}"),
        (
            e.DecisionRefused(kind="deadline_extended", code="conflict", why="too late"),
            "Maya could not change the end: too late",
        ),
        (
            e.DecisionRefused(kind="room_claimed", code="conflict", why="too late"),
            "room claimed by Maya was refused: too late",
        ),
        (
            e.ViolationFound(policy="size", participant="p", reason="room_full"),
            "Bill is not allowed here: the room is full (only observed)",
        ),
        (
            e.ViolationFound(policy="size", participant="p", reason="room_full", enforced=True),
            "Bill is not allowed here: the room is full",
        ),
        (e.ProviderEventUnknown(problem="a recording began", understood=True), "a recording began"),
        (e.ProviderEventUnknown(problem="not JSON"), "from the platform, kept as it came: not JSON"),
        (e.EnforcementHeld(), "automatic disconnects are paused by Maya"),
        (e.Unknown(unknown_kind="room_{painted}\x1b", members={}), "room {painted}\ufffd"),
    ],
)
def test_sentences(data: Data, text: str) -> None:
    assert said(data) == text


def test_an_extension_says_the_new_end_while_it_is_the_end() -> None:
    deadline = Deadline(ends_at=DAY, version=2, kept_by="gateway")
    room = replace(the_room(STATE), deadline=deadline)
    end = f", ends at {clock_time(DAY)}"
    assert said(e.DeadlineExtended(version=2, seconds=30), room) == f"Maya added 0:30{end}"
    assert said(e.DeadlineExtended(version=2, seconds=-30), room) == f"Maya took 0:30 away{end}"
    assert said(e.DeadlineExtended(version=1, seconds=30), room) == "Maya added 0:30"


def test_an_end_that_nobody_ordered_says_whose_it_is() -> None:
    at, timer = clock_time(DAY), Actor("timer")
    kept = e.DeadlineSet(version=1, ends_at=DAY, kept_by="provider")
    assert sentence(a_decision(kept, by=timer), None) == f"The platform ends this room at {at}"
    assert sentence(a_decision(e.DeadlineSet(version=1, ends_at=DAY), by=timer), None) == f"ends at {at}"


def test_a_platform_is_called_by_what_reported_where_the_room_is_not_known() -> None:
    assert sentence(a_fact(e.DeadlineReported(), DAY), None) == "Clinic sets no end for this room"
    assert sentence(a_decision(e.ExtensionConfirmed(command=EventId("c"))), None) == "The platform moved the end"


def test_late_news_says_so() -> None:
    event = replace(a_fact(e.ParticipantLeft(participant="p"), DAY), late=True)
    assert sentence(event, the_room(STATE)) == "Bill left (reported late)"


def test_names_cannot_steer_the_terminal() -> None:
    data = e.ParticipantJoined(participant="x", name="\x1b]0;owned\x07\n12:00:00  other room  left")
    assert said(data).isprintable()


@pytest.mark.parametrize(
    ("event", "where"),
    [
        (joined("p", DAY), "cardio"),
        (a_fact(e.RoomEnded(), DAY, room="r\x1b2"), "r\ufffd2"),
        (a_fact(e.SourceRestarted(), DAY, room=None), "clinic"),
        (a_decision(e.EnforcementResumed(), room=None), "gateway"),
    ],
)
def test_a_line_says_where(event: e.Event, where: str) -> None:
    assert line(event, STATE).split("  ")[1] == where


def test_a_room_nobody_knows_is_called_by_its_id() -> None:
    event = replace(joined("p", DAY), room=RoomId("other"))
    assert "  other  " in line(event, STATE)


def test_everybody_is_called_so() -> None:
    assert said(e.ParticipantLeft(participant="*")) == "everybody left"


AT = clock_time(DAY, with_seconds=False)
LATER = clock_time(DAY + 3_600_000, with_seconds=False)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (e.RoomLocked(people=("u1", "u2")), "Maya locked the room: 2 people may stay"),
        (e.RoomLocked(people=("u1",)), "Maya locked the room: 1 person may stay"),
        (e.RoomLocked(), "Maya locked the room"),
        (e.RoomUnlocked(), "Maya unlocked the room"),
        (
            RoomAnnounced(name="appt-18", starts_at=DAY, duration_ms=3_600_000, allow=(Listed("u1"), Listed("u2"))),
            f"Maya announced appt-18, {AT} to {LATER}, for 2 people",
        ),
        (RoomAnnounced(name="appt-18", starts_at=DAY), f"Maya announced appt-18, {AT}"),
        (AnnouncementWithdrawn(name="appt-18"), "Maya withdrew the appointment appt-18"),
        (RoomOpened(name="appt-18", room="2_MX"), "a room was opened for appt-18"),
        (
            a.CredentialsIssued(user="u7", name="Kim", role="patient", expires_at=DAY),
            f"Kim got credentials as patient, good until {AT}",
        ),
        (a.CredentialsIssued(user="u1", expires_at=DAY), f"Bill got credentials, good until {AT}"),
        (a.CredentialsRefused(user="u1", code="not_listed"), "Bill was refused credentials: not on the list"),
        (a.CredentialsRefused(user="u9", code="of_tomorrow"), "u9 was refused credentials: of tomorrow"),
        (
            a.EscalationSent(subject="of_tomorrow", channel="email", detail="duty@example.org"),
            "nobody had taken care of it: told duty@example.org",
        ),
        (a.EscalationSent(subject="of_tomorrow", channel="webhook"), "nobody had taken care of it: told the webhook"),
        (
            a.EscalationFailed(subject="of_tomorrow", channel="email", why="no answer"),
            "nobody had taken care of it, and the e-mail address could not be told: no answer",
        ),
        (a.DutyStarted(moderator="m2", name="Max"), "Max went on duty"),
        (a.DutyEnded(moderator="m2"), "m2 went off duty"),
        (a.TokenIssued(jti="j", subject="m2", expires_at=DAY), "m2 signed in"),
        (
            a.SignInApproved(name="Max", scopes=("rooms:read",), rooms=("*",), family="f"),
            "Maya let Max sign in",
        ),
        (a.SignInDenied(), "Maya refused a sign-in"),
        (
            e.DisconnectConfirmed(command=EventId("c"), participant="p", told=True),
            "Bill was disconnected and was told why",
        ),
        (
            e.DisconnectConfirmed(command=EventId("c"), participant="p", told=False),
            "Bill was disconnected, but could not be told why",
        ),
        (
            e.ViolationFound(policy="lock", participant="p", enforced=True),
            "Bill is not allowed here: the room is locked",
        ),
    ],
)
def test_sentences_about_who_may_come_and_who_was_told(data: Data, text: str) -> None:
    assert said(data) == text


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("2-300000", "nobody had taken care of the warning of 5:00: told duty@example.org"),
        ("max_people:c:7:1700000000000", "nobody had taken care of the violation: told duty@example.org"),
        ("hold:1700000000000", "nobody had resumed automatic disconnects: told duty@example.org"),
    ],
)
def test_what_nobody_took_care_of_is_named(subject: str, text: str) -> None:
    assert said(a.EscalationSent(subject=subject, channel="email", detail="duty@example.org")) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (e.TimeExpired(deadline_version=1), "Time is up"),
        (e.ParticipantLeft(participant="*"), "Everybody left"),
        (e.ParticipantJoined(participant="x", name="bill"), "bill joined"),
        (e.RoomLocked(), "maya locked the room"),
        (e.WarningRaised(deadline_version=1, threshold_ms=60_000), "1:00 left"),
        (e.Unknown(unknown_kind="room_painted", members={}), "Room painted"),
    ],
)
def test_a_headline_begins_large_but_a_name_stays_as_its_owner_writes_it(data: Data, text: str) -> None:
    assert headline(a_decision(data, by=Actor("moderator", "m", "maya")), None) == text
    assert headline(replace(a_decision(data, by=Actor("moderator", "m", "maya")), late=True), None) == text


def test_who_has_no_name_is_called_by_what_they_are() -> None:
    cleared = a_decision(e.PersonBlocked(user="u9"), by=Actor("policy"))
    assert (sentence(cleared, None), headline(cleared, None)) == (
        *("policy blocked u9 for good", "Policy blocked u9 for good"),
    )


def test_what_rules_tell_a_room_is_nobodys_word() -> None:
    event = a_decision(e.MessageRequested(text="This session ends in 5 minutes."), by=Actor("policy"))
    assert sentence(event, the_room(STATE)) == "the room was told: This session ends in 5 minutes."


@pytest.fixture
def strange() -> Iterator[None]:
    """The language that nobody speaks."""
    language.use(PseudoTranslations())
    yield
    language.use(NullTranslations())


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"provider_event_unknown"}))
def test_every_sentence_is_said_in_the_user_s_language(strange: None, kind: str) -> None:
    data = KINDS[kind]
    fields = {field.name: _SAMPLE[field.name] for field in msgspec.structs.fields(data) if field.required}
    assert headline(a_decision(data(**fields)), None).startswith(BEGIN)


_SAMPLE: Final = {
    **dict.fromkeys(("participant", "stream", "user", "person", "moderator", "name", "warning", "policy"), "x"),
    **dict.fromkeys(("command", "why", "code", "kind", "origin", "reason", "jti", "subject", "family", "format"), "x"),
    **dict.fromkeys(("pseudonym", "hash", "head", "channel", "gateway", "room", "text"), "x"),
    **dict.fromkeys(("version", "ends_at", "seconds", "deadline_version", "threshold_ms", "starts_at"), 1),
    **dict.fromkeys(("expires_at", "texts", "through", "entries"), 1),
    **{"scopes": (), "rooms": (), "leaves": (), "settings": Settings()},
}
"""By name, what a member may be."""
