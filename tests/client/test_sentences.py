"""What `watch` says."""

import msgspec
import pytest
from msgspec.structs import replace

from moderator.cli.watching import line
from moderator.client import sentences
from moderator.client.sentences import sentence
from moderator.client.texts import clock_time
from moderator.domain import events as e
from moderator.domain.events import KINDS, Actor
from moderator.domain.ids import EventId, RoomId
from moderator.domain.kinds import Data
from moderator.domain.rooms import Deadline, Room
from tests.fakes.builders import DAY, a_decision, a_fact, an_entry, folded, joined, room_started, the_room

MAYA = Actor("moderator", "m1", "Maya")
STATE = folded(
    an_entry(
        room_started(DAY, name="cardio"), joined("p", DAY, user="u1", name="Bill"), joined("j@", DAY + 5, name="Jan")
    )
)


def said(data: Data, room: Room | None = None) -> str:
    return sentence(a_decision(data, by=MAYA), the_room(STATE) if room is None else room)


def test_every_kind_has_a_sentence() -> None:
    assert set(sentences._SENTENCES) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_word_is_missing(kind: str) -> None:
    """Each word of a template is one that is looked up, or a member of the event."""
    members = {field.name for field in msgspec.structs.fields(KINDS[kind])}
    template = sentences._SENTENCES[kind]
    words = {part.split("}")[0] for part in template.split("{")[1:]}
    assert words <= members | set(sentences._WORDS)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (e.ParticipantJoined(participant="x", name="Alice", user="u2"), "Alice joined"),
        (e.ParticipantJoined(participant="x", user="u2"), "u2 joined"),
        (e.ParticipantJoined(participant="x"), "x joined"),
        (e.ParticipantLeft(participant="p"), "Bill left"),
        (e.ParticipantLeft(participant="p", forced=True), "Bill was removed"),
        (e.ParticipantLeft(participant="j@"), "Jan left"),
        (e.StreamPublished(participant="p", stream="s", kind="screen", name="slides"), "Bill shares a screen"),
        (e.StreamUpdated(participant="p", stream="s", muted=True), "Bill was muted"),
        (e.WarningRaised(deadline_version=1, threshold_ms=300_000), "5:00 left"),
        (e.DeadlineExtended(version=2, seconds=300), "Maya added 5:00"),
        (e.DeadlineExtended(version=2, seconds=-60), "Maya took 1:00 away"),
        (e.TimeExpired(deadline_version=1), "time is up"),
        (
            e.DisconnectRequested(participant="p", reason="not_listed"),
            "Bill is being disconnected by Maya: not listed",
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
        (e.PersonBlocked(user="u1"), "u1 may not come back for good, said Maya"),
        (e.PersonReadmitted(user="u1"), "u1 may come back, said Maya"),
        (e.RoomClaimed(moderator="m2", name="Max"), "Max looks after the room"),
        (e.MessageRequested(text="Hi {who}"), "Maya says: Hi {who}"),
        (
            e.DecisionRefused(kind="deadline_extended", code="conflict", why="too late"),
            "deadline extended by Maya was refused: too late",
        ),
        (
            e.ViolationFound(policy="size", participant="p", reason="room_full"),
            "Bill is not allowed here: room full (only observed)",
        ),
        (
            e.ViolationFound(policy="size", participant="p", reason="room_full", enforced=True),
            "Bill is not allowed here: room full",
        ),
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
