"""What stands in the messages: it comes back whole, and what is none of ours is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.feed.codec import CodecError
from moderator.journal.integrity import SALT_BYTES
from moderator.journal.jetstream.envelopes import REF_BYTES, Envelope, Stray, pack_texts, seal, unpack_texts, unseal
from moderator.journal.stored import Stored, StoredText

texts = st.builds(
    StoredText,
    *(st.text() for _ in range(4)),
    salt=st.none() | st.binary(min_size=SALT_BYTES, max_size=SALT_BYTES),
    value=st.binary(),
    erased=st.none() | st.text(),
)


@given(
    salt=st.binary(min_size=SALT_BYTES, max_size=SALT_BYTES),
    ref=st.just(b"") | st.binary(min_size=REF_BYTES, max_size=REF_BYTES).filter(any),
    body=st.binary(),
)
def test_an_entry_comes_back_whole(salt: bytes, ref: bytes, body: bytes) -> None:
    assert unseal(seal(Stored(body, salt, ()), ref)) == Envelope(salt, ref, body)


@given(st.lists(texts))
def test_texts_come_back_whole(several: list[StoredText]) -> None:
    assert unpack_texts(pack_texts(several)) == tuple(several)


@pytest.mark.parametrize("message", [b"", b"\x01short", b"\x02" + bytes(40), b"{" * 100])
def test_another_message_is_no_entry(message: bytes) -> None:
    with pytest.raises(CodecError) as raised:
        unseal(message)
    is_newer = message.startswith(b"\x02")
    assert isinstance(raised.value, Stray) != is_newer, "what a newer version writes nobody may pass over"


@given(st.binary())
def test_other_bytes_are_texts_or_an_error_of_ours(message: bytes) -> None:
    try:
        found = unpack_texts(message)
    except CodecError:
        return
    assert all(isinstance(one, StoredText) for one in found)
