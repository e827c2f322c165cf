"""Compared with the documented payloads, member by member, and read by the official library."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from getstream.webhook import InvalidWebhookError, parse_event, verify_and_parse_webhook

from moderator.simulator.stream.calls import Call, Calls
from moderator.simulator.stream.dates import Form, encode
from moderator.simulator.stream.shapes import CAPABILITIES
from moderator.simulator.stream.webhooks import event
from tests.fakes.builders import DAY
from tests.simulator.stream.running import API_SECRET, running
from tests.simulator.worlds import ANA, BILL, Watched

DATE = re.compile(r"\d{4}-\d\d-\d\dT")
DATA = Path(__file__).parents[2] / "data/stream/webhooks"


def told(form: Form = "rfc3339") -> dict[str, Any]:
    """What is posted about one call, by event; in the order in which the kinds came first."""
    found: dict[str, Any] = {}
    watched = Watched()

    def tell(call: Call, kind: str, at: int, /, **members: Any) -> None:
        found.setdefault(kind, json.loads(encode(event(call, kind, at, members, CAPABILITIES), form)))

    calls = Calls(watched.world, tell)
    room = watched.world.create("lesson-7", DAY)
    room.ends_at = DAY + 3_600_000
    ana = watched.world.join(room.id, ANA, DAY)
    call = calls.get(room.id)
    tell(call, "call.user_muted", DAY, from_user_id="mod-1", muted_user_ids=[ANA.user], reason="")
    tell(call, "call.blocked_user", DAY, user=ANA, blocked_by_user=BILL)
    calls.limit(call, 5400, DAY + 5)
    watched.world.leave(ana.id, DAY + 7_000)
    watched.world.join(room.id, BILL, DAY + 8_000)
    calls.end(call, DAY + 9_000, BILL)
    return found


def shape(value: Any) -> Any:
    """Names and kinds of values; what is in a free-form or empty member does not matter."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items() if name not in ("custom", "ingress", "prev")}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return (type(value), isinstance(value, str) and bool(DATE.match(value)))


def plain(body: Any) -> Any:
    """Without what depends on who was there."""
    text = json.dumps(body)
    found: Any = json.loads(text)
    for one in (found, *((found["call"],) if "call" in found else ())):
        one.pop("members", None)
        one.pop("capabilities_by_role", None)
        if session := one.get("session"):
            session.pop("participants", None)
            session.pop("participants_count_by_role", None)
            session.pop("ended_at", None)
    return found


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("call.session_started", "call.session_started"),
        ("call.session_participant_joined", "call.session_participant_joined"),
        ("call.session_participant_left", "call.session_participant_left"),
        ("call.updated", "call.updated_extended_to_5400"),
        ("call.blocked_user", "call.blocked_user"),
        ("call.user_muted", "call.user_muted"),
    ],
)
def test_payloads_are_like_the_documented_ones(kind: str, name: str) -> None:
    theirs = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    assert shape(plain(told()[kind])) == shape(plain(theirs))


@pytest.mark.parametrize("kind", ["call.created", "call.ended"])
def test_the_members_of_other_events_are_the_documented_ones(kind: str) -> None:
    name = {"call.created": "call.created", "call.ended": "call.ended_by_moderator"}[kind]
    theirs = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    ours = told()[kind]
    assert ours.keys() == theirs.keys()
    assert ours["call"].keys() == theirs["call"].keys()


def test_the_official_library_reads_every_event() -> None:
    """With dates in nanoseconds. On the others it fails, as with the platform's own."""
    for kind, body in told("ns").items():
        read = parse_event(json.dumps(body).encode())
        assert (read.type, read.call_cid) == (kind, body["call_cid"])
    with pytest.raises(InvalidWebhookError, match="invalid literal for int"):
        parse_event(json.dumps(told()["call.session_started"]).encode())


@pytest.mark.parametrize("compresses", [False, True])
async def test_the_official_library_accepts_what_is_signed_and_refuses_the_rest(compresses: bool) -> None:
    async with running(dates="ns", compresses=compresses) as cloud:
        await cloud.order("join", user="u-1", name="Ana", room_name="lesson-7")
        await cloud.receiver.until(lambda: len(cloud.receiver.bodies) >= 4)
        for body, headers in zip(cloud.receiver.bodies, cloud.receiver.headers, strict=True):
            signature = headers["x-signature"]
            assert verify_and_parse_webhook(body, signature, API_SECRET).call_cid == "lesson:7"
            with pytest.raises(InvalidWebhookError, match="signature"):
                verify_and_parse_webhook(body, signature[::-1], API_SECRET)
            with pytest.raises(InvalidWebhookError, match="signature"):
                verify_and_parse_webhook(body, signature, "another secret")
