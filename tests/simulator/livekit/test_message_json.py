"""Both ways of JSON, judged by the platform's own recorded replies and by the official parser."""

import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import given
from livekit.protocol import models

from moderator.simulator.livekit import messages
from moderator.simulator.livekit.message_json import read_json, reply_json, webhook_json
from moderator.simulator.livekit.messages import Fields, Malformed, Values
from tests.simulator.livekit.message_values import messages as any_message
from tests.simulator.livekit.message_values import said

REPLIES: dict[str, Fields] = {
    "ListRooms.response": messages.ROOMS,
    "ListRooms_empty.response": messages.ROOMS,
    "ListParticipants.response": messages.PARTICIPANTS,
    "MutePublishedTrack.response": messages.MUTED,
    "DeleteRoom.response": messages.NOTHING,
}
DATA = Path(__file__).parents[2] / "data/livekit"


@pytest.mark.parametrize("name", REPLIES)
def test_recorded_replies_are_written_again_as_they_were(name: str) -> None:
    recorded = json.loads((DATA / f"twirp_json/{name}.json").read_bytes())
    assert reply_json(read_json(recorded, REPLIES[name]), REPLIES[name]) == recorded


@pytest.mark.parametrize("path", sorted((DATA / "webhooks").glob("*[!s].json")), ids=lambda path: path.stem)
def test_recorded_webhooks_are_written_again_as_they_were(path: Path) -> None:
    recorded = json.loads(path.read_bytes())
    assert webhook_json(read_json(recorded, messages.WEBHOOK_EVENT), messages.WEBHOOK_EVENT) == recorded


@given(any_message(messages.PARTICIPANT))
def test_both_ways_are_read_back(values: Values) -> None:
    expected = said(values, messages.PARTICIPANT)
    for written in (reply_json(values, messages.PARTICIPANT), webhook_json(values, messages.PARTICIPANT)):
        found = read_json(json.loads(json.dumps(written)), messages.PARTICIPANT)
        assert said(found, messages.PARTICIPANT) == expected


def test_the_official_parser_reads_both() -> None:
    values = {"sid": "PA_1", "state": "ACTIVE", "joined_at_ms": 1_790_000_000_123, "attributes": {"role": "tutor"}}
    for written in (reply_json(values, messages.PARTICIPANT), webhook_json(values, messages.PARTICIPANT)):
        found = json_format.Parse(json.dumps(written), models.ParticipantInfo())
        assert (found.sid, found.state, found.joined_at_ms) == (
            "PA_1",
            models.ParticipantInfo.ACTIVE,
            1_790_000_000_123,
        )
        assert dict(found.attributes) == {"role": "tutor"}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"trackSid": "TR_1", "muted": True}, {"track_sid": "TR_1", "muted": True}),
        ({"track_sid": "TR_1", "room": None, "new": {}}, {"track_sid": "TR_1"}),
        ({"room": 3}, Malformed),
        ({"muted": "yes"}, Malformed),
        ([], Malformed),
    ],
)
def test_requests_are_taken_as_they_come(document: object, found: Any) -> None:
    if found is Malformed:
        with pytest.raises(Malformed):
            read_json(document, messages.MUTE)
    else:
        assert read_json(document, messages.MUTE) == found


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"data": "aGk=", "kind": "LOSSY"}, {"data": b"hi", "kind": "LOSSY"}),
        ({"kind": 1}, {"kind": "LOSSY"}),
        ({"kind": "STRONG"}, {"kind": "RELIABLE"}),
        ({"data": "####"}, Malformed),
        ({"destinationIdentities": "u-1"}, Malformed),
        ({"destination_identities": ["u-1"]}, {"destination_identities": ["u-1"]}),
    ],
)
def test_bytes_enums_and_lists(document: object, found: Any) -> None:
    if found is Malformed:
        with pytest.raises(Malformed):
            read_json(document, messages.SEND_DATA)
    else:
        assert read_json(document, messages.SEND_DATA) == found


@pytest.mark.parametrize("sent", ["1790000000", 1_790_000_000])
def test_long_numbers_are_texts_or_numbers(sent: object) -> None:
    assert read_json({"revoke_token_ts": sent}, messages.REMOVE) == {"revoke_token_ts": 1_790_000_000}
    with pytest.raises(Malformed):
        read_json({"revoke_token_ts": "soon"}, messages.REMOVE)
