"""Headers that are read where somebody asks for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.gateway.platforms.bodies import Headers

RAW = [(b"host", b"x"), (b"x-webhook-id", b"1"), (b"x-name", b"\xe4\xff"), (b"x-webhook-id", b"2"), (b"empty", b"")]
PAIRS = st.lists(st.tuples(st.binary(max_size=3), st.binary(max_size=3)), max_size=6)


@given(PAIRS)
def test_the_same_as_all_of_them_decoded(raw: list[tuple[bytes, bytes]]) -> None:
    everything = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}
    headers = Headers(raw)
    assert dict(headers) == everything
    assert len(headers) == len(everything)
    assert all(headers.get(name) == value for name, value in everything.items())


def test_what_stands_there_twice_is_what_it_was_last() -> None:
    assert Headers(RAW)["x-webhook-id"] == "2"


@pytest.mark.parametrize("name", ["authorization", "", "X-Webhook-Id", "é", "€"])
def test_what_is_not_there(name: str) -> None:
    assert name not in Headers(RAW)
    assert Headers(RAW).get(name, "nothing") == "nothing"
