"""Webhooks as facts: those of the fixtures, what times they get, and what becomes of those that make no sense."""

import json
from typing import Any

import pytest

from moderator.domain.events import (
    Event,
    ParticipantJoined,
    ParticipantLeft,
    ProviderEventUnknown,
    StreamPublished,
    StreamUnpublished,
)
from moderator.providers.identity import Identity
from tests.providers.livekit.made import BEGIN, DATA, event, joined, left, parse, participant, track


def told(events: list[Event]) -> list[tuple[int, Any]]:
    return [(one.at - BEGIN, one.data) for one in events]


GUEST = "PA_fixture41"
JOINED = ParticipantJoined(
    participant=GUEST, user="guest-41", name="Guest 41", role="patient", platform={"identity": "guest-41"}
)
SHARED = StreamPublished(participant=GUEST, stream="TR_VSfixture41", kind="screen", name="screen")
FIXTURES = {
    "room_started": [],
    "participant_joined": [(11_207, JOINED)],
    "track_published_screen_share": [(150_000, SHARED)],
    "participant_left_client": [(60_000, ParticipantLeft(participant=GUEST, reason="left"))],
    "participant_left_removed_by_moderator": [
        (75_000, ParticipantLeft(participant=GUEST, reason="was removed", forced=True))
    ],
    "room_finished": [(180_000, ParticipantLeft(participant="*"))],
}


@pytest.mark.parametrize("name", FIXTURES)
def test_the_fixtures(name: str) -> None:
    assert told(parse((DATA / f"webhooks/{name}.json").read_bytes())) == FIXTURES[name]


def test_every_fixture_is_here() -> None:
    assert {path.stem for path in DATA.glob("webhooks/*.json") if "headers" not in path.name} == set(FIXTURES)


@pytest.mark.parametrize(
    ("reason", "words", "forced", "final"),
    [
        ("PARTICIPANT_REMOVED", "was removed", True, True),
        (4, "was removed", True, True),
        ("ROOM_DELETED", "the room was ended", True, True),
        ("DUPLICATE_IDENTITY", "the same identity joined again", False, True),
        ("CONNECTION_TIMEOUT", "the connection was lost", False, True),
        ("UNKNOWN_REASON", "", False, True),
        ("MIGRATION", "moved to another server", False, False),
        ("SOMETHING_NEW", "something new", False, True),
        (99, "99", False, True),
        (None, "", False, True),
    ],
)
def test_why_somebody_left(reason: object, words: str, forced: bool, final: bool) -> None:
    expected = ParticipantLeft(participant="PA_ana", reason=words, forced=forced, inferred=not final)
    assert told(parse(left("PA_ana", 5_000, reason=reason))) == [(5_000, expected)]


def test_a_connection_that_never_was_complete_has_left() -> None:
    """It may have been complete after all, and the server forgot: so lists may say otherwise."""
    body = event("participant_connection_aborted", 9_000, participant=participant("PA_ana", 3_500))
    gone = ParticipantLeft(participant="PA_ana", reason="the connection was not completed", inferred=True)
    assert told(parse(body)) == [(9_000, gone)]


def test_nobody_leaves_before_they_came() -> None:
    """Leaves are told in whole seconds, joins exactly."""
    ((at, _),) = told(parse(left("PA_ana", 5_900, since_ms=5_400)))
    assert at == 5_400


def times(*bodies: Any) -> list[int]:
    return [one.at - BEGIN for body in bodies for one in parse(body)]


def test_tracks_are_dated_by_their_own_word_where_they_give_it() -> None:
    published = track("published", "PA_ana", "TR_1", 5_900, since_ms=5_850)
    assert times(published) == [5_850]
    assert times(track("unpublished", "PA_ana", "TR_1", 5_950, since_ms=5_850)) == [5_850]
    assert times(track("unpublished", "PA_ana", "TR_1", 8_950, since_ms=5_850)) == [8_000]


@pytest.mark.parametrize("since_ms", [None, 6_000, 3_600_000, -BEGIN])
def test_a_word_that_cannot_be_is_not_taken(since_ms: int | None) -> None:
    for what in ("published", "unpublished"):
        assert times(track(what, "PA_ana", "TR_1", 5_900, since_ms=since_ms)) == [5_000]


def test_what_machines_do_is_told_in_words_and_they_were_never_there() -> None:
    for body in (joined("PA_bot", 7_300, kind="AGENT"), left("PA_bot", 60_000, since_ms=7_300, kind="AGENT")):
        gone, notice = parse(body)
        assert told([gone]) == [(6_999, ParticipantLeft(participant="PA_bot", machine=True))]
        assert isinstance(notice.data, ProviderEventUnknown)
        assert notice.data.understood
        assert notice.data.problem.startswith("an agent ")


def test_the_first_and_the_last_of_a_machine_say_the_same() -> None:
    """So it is told once."""
    first, _ = parse(joined("PA_bot", 7_300, kind="AGENT"))
    last, _ = parse(left("PA_bot", 60_000, since_ms=7_300, kind="AGENT"))
    assert first.id == last.id


def test_names_come_from_metadata_where_that_is_configured() -> None:
    identity = Identity(format="json", user="$.id", room="$.lesson")
    (found,) = parse(joined("PA_ana", metadata='{"id":"u-7","lesson":"Algebra"}'), identity)
    assert isinstance(found.data, ParticipantJoined)
    assert (found.data.user, found.data.name, found.data.room_name) == ("u-7", "Ana", "Algebra")
    assert found.data.platform == {"identity": "ana"}


@pytest.mark.parametrize(
    ("kind", "stream"),
    [("published", StreamPublished), ("unpublished", StreamUnpublished)],
)
def test_tracks_name_their_participant_by_sid(kind: str, stream: type) -> None:
    ((_, data),) = told(parse(track(kind, "PA_ana", "TR_1", 5_000)))
    assert isinstance(data, stream)
    assert (data.participant, data.stream) == ("PA_ana", "TR_1")  # type: ignore[attr-defined]


WITHOUT: list[tuple[dict[str, Any], str]] = [
    (event("participant_joined"), "no participant is named"),
    (event("participant_left", participant={"identity": "ana"}), "nobody is named"),
    (event("participant_left", participant={"sid": "*"}), "nobody is named"),
    (event("participant_joined", participant={"sid": "PA_1@"}), "nobody is named"),
    (event("participant_joined", participant={"sid": "PA_1@7"}), "nobody is named"),
    (event("track_published", participant={"sid": "PA_1"}), "no track is named"),
    (event("track_unpublished", participant={"sid": "PA_1"}, track={"sid": "*"}), "no track is named"),
    (event("track_unpublished", track={"sid": "TR_1"}), "no participant is named"),
    (event("room_finished", room=""), "no room is named"),
    ({**event("room_finished"), "createdAt": "soon"}, "no time is named"),
    ({**event("room_finished"), "createdAt": "-5"}, "no time is named"),
    ({**joined("PA_1"), "createdAt": "0"}, "no time is named"),
]


@pytest.mark.parametrize(("body", "problem"), WITHOUT)
def test_what_makes_no_sense_is_kept(body: dict[str, Any], problem: str) -> None:
    (found,) = parse(body)
    assert isinstance(found.data, ProviderEventUnknown)
    assert (found.data.problem, found.data.type) == (problem, body["event"])
    assert json.loads(found.data.body)["event"] == body["event"]
