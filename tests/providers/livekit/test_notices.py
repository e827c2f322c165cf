import pytest

from moderator.providers.livekit.notices import KNOWN, words_for
from moderator.providers.livekit.wire import read_event
from tests.providers.livekit.made import event, joined, left, participant


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (joined("PA_a", kind="AGENT"), "an agent joined (no person)"),
        (left("PA_a", 5, kind="EGRESS"), "a recorder left (no person)"),
        (joined("PA_a", permission={"hidden": True}), "somebody hidden joined (no person)"),
        (
            event("participant_connection_aborted", participant=participant("PA_a", kind="INGRESS")),
            "a stream from outside could not connect (no person)",
        ),
        (joined("PA_a"), ""),
        (event("participant_joined"), ""),
        (event("track_published", participant=participant("PA_a", kind="AGENT")), ""),
        (event("room_finished"), ""),
        (event("something_new"), ""),
    ],
)
def test_what_is_said_of_machines(body: object, words: str) -> None:
    assert words_for(read_event(body)) == words


@pytest.mark.parametrize("kind", sorted(KNOWN))
def test_what_is_said_of_recordings_streams_and_agents(kind: str) -> None:
    assert words_for(read_event(event(kind))) == KNOWN[kind]
    assert "this room" in KNOWN[kind]
