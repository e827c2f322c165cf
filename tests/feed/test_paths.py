"""Any id can stand in a URL, and comes back as it was."""

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moderator.feed.paths import MAX_ID_BYTES, BadId, quote_id, unquote_id

ANY_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=MAX_ID_BYTES // 4)


@given(ANY_TEXT)
@example("a/end")
@example("..")
@example(".")
@example("~")
@example("~YQ")
@example("100%")
@example("a\nb")
@example("\N{GRINNING FACE}" * 1000)
@example("room?x=1#y")
def test_any_text_comes_back_and_means_nothing_to_a_url(id_: str) -> None:
    segment = quote_id(id_)
    assert unquote_id(segment) == id_
    assert segment not in {"", ".", ".."}
    assert segment.isascii()
    assert not set(segment) & set("/?#%\\ +=")


@pytest.mark.parametrize("id_", ["2_MX4x", "default:call-1", "a@b.c", "class-101", "...", "-"])
def test_a_harmless_id_stands_as_it_is(id_: str) -> None:
    assert quote_id(id_) == id_


@given(st.text(max_size=40))
def test_a_segment_is_an_id_or_refused(segment: str) -> None:
    try:
        id_ = unquote_id(segment)
    except BadId:
        return
    assert unquote_id(quote_id(id_)) == id_


@pytest.mark.parametrize(
    "segment",
    [
        "",
        ".",
        "..",
        "~",
        "a b",
        "a/b",
        "é",
        "~é",
        "~!!",
        "~_w",
        "~Y",
        "x" * 10_000,
        "~" + "QUFB" * 2000,
        "a\n",
        "~YQ==",
    ],
)
def test_what_is_no_id_is_refused(segment: str) -> None:
    with pytest.raises(BadId):
        unquote_id(segment)


def test_a_quoted_id_is_not_longer_than_a_plain_one_may_be() -> None:
    too_long = base64.urlsafe_b64encode(b"\xc3\xa9" * (MAX_ID_BYTES // 2 + 1)).rstrip(b"=").decode()
    with pytest.raises(BadId):
        unquote_id("~" + too_long)
