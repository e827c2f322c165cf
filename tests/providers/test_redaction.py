from collections.abc import Callable

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.events import ProviderEventUnknown
from tests.providers.janus.made import LIKELY, MEMBERS, as_json, event_of, parse

TOKEN = "tok-very-secret"


def test_a_long_body_is_shortened() -> None:
    (event,) = parse(event_of(9, {"text": "x" * 10_000}))
    assert isinstance(event.data, ProviderEventUnknown)
    assert event.data.type == "9"
    assert len(event.data.body) <= 4096


WRAPPERS: list[Callable[[object], object]] = [
    lambda inner: inner,
    lambda inner: [inner],
    lambda inner: {"event": inner},
    lambda inner: {"deeper": [[{"data": inner}]]},
]


@given(
    key=st.sampled_from(["token", "sdp", "jsep", "admin_secret", "secret", "apisecret", "Token"]),
    data=st.dictionaries(st.sampled_from(MEMBERS.split()), LIKELY, max_size=6),
    wrapped=st.sampled_from(WRAPPERS),
    type_=st.sampled_from([64, 2, 9, None]),
    cut=st.integers(0, 400) | st.none(),
)
def test_no_secret_gets_through(
    key: str, data: dict[str, object], wrapped: Callable[[object], object], type_: object, cut: int | None
) -> None:
    event = {"type": type_, "timestamp": 1, "event": wrapped({**data, key: TOKEN})}
    plugin = {"type": 64, "timestamp": 1, "event": {"plugin": "janus.plugin.videoroom", "data": {**data, key: TOKEN}}}
    for body in (as_json([event, plugin]), as_json(plugin)):
        for one in parse(body[: len(body) if cut is None else cut]):
            assert TOKEN.encode() not in msgspec.json.encode(one)
