"""Events made for tests: single ones, and whatever Hypothesis thinks of."""

import json
from typing import Any

import msgspec
from hypothesis import strategies as st

from moderator.domain.events import Event
from moderator.providers.janus.webhooks import Parser
from tests.providers.janus.recordings import KEY, SOURCE, delivery


def parse(body: object) -> list[Event]:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Parser(SOURCE, KEY).parse(delivery(raw))


def event_of(type_: int, event: object, **more: object) -> dict[str, Any]:
    return {"emitter": "j1", "type": type_, "timestamp": 1_790_000_000_123_456, "event": event, **more}


def in_room(data: dict[str, Any], **more: object) -> dict[str, Any]:
    data = {"room": "r", **data}
    return event_of(64, {"plugin": "janus.plugin.videoroom", "data": data}, session_id=7, handle_id=8, **more)


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = "plugin data event videoroom room id display streams mid moderation token type timestamp subtype sdp jsep"
NAMES = "joined leaving published updated moderated destroyed kicked janus.plugin.videoroom muted"
LIKELY = st.recursive(
    st.sampled_from([*NAMES.split(), 64, 256, 1, 2, 0, -1, 2**53, 10**30, None, True, 1.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS.split()), inner, max_size=6),
    max_leaves=30,
)
