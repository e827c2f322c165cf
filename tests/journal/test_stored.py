"""Entries in the form in which they are stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.announcements import Listed, RoomAnnounced
from moderator.domain.events import (
    ExtensionFailed,
    MessageRequested,
    ParticipantJoined,
    PersonBlocked,
    RoomLocked,
    RoomReleased,
    StreamPublished,
    Unknown,
)
from moderator.domain.kinds import Data
from moderator.feed.codec import CodecError
from moderator.journal.integrity import commitment
from moderator.journal.stored import from_stored, recorded_at_of, to_stored
from tests.fakes.builders import DAY, a_decision, a_fact, an_entry

words = st.text(max_size=8)
datas: st.SearchStrategy[Data] = st.one_of(
    st.builds(
        ParticipantJoined,
        participant=st.one_of(words, words.map(lambda word: f"{word}@17")),
        user=words,
        name=words,
        role=words,
        data=words,
        room_name=words,
        platform=st.dictionaries(words, words, max_size=2),
    ),
    st.builds(StreamPublished, participant=words, stream=words, name=words),
    st.builds(
        RoomAnnounced, name=words, starts_at=st.just(1), allow=st.lists(st.builds(Listed, words, words)).map(tuple)
    ),
    st.builds(RoomLocked, people=st.lists(words).map(tuple)),
    st.builds(MessageRequested, text=words),
    st.builds(PersonBlocked, user=words),
    st.builds(ExtensionFailed, command=words, why=words),
    st.just(RoomReleased()),
    st.builds(Unknown, unknown_kind=st.just("invented_later"), members=st.dictionaries(words, st.integers(0, 9))),
)


@given(st.lists(datas, max_size=4))
def test_every_entry_is_read_back_as_it_was(found: list[Data]) -> None:
    entry = an_entry(*(a_fact(data, DAY) for data in found), seq=7, recorded_at=DAY)
    stored = to_stored(entry)
    assert from_stored(stored.body, 7, [text.value for text in stored.texts]) == entry


def test_the_body_says_nothing_about_anybody_and_commits_to_what_it_lacks() -> None:
    events = (
        a_fact(ParticipantJoined(participant="zq1@", user="zq1", name="Zq Anna", platform={"zq": "zq"}), DAY),
        a_decision(RoomLocked(people=("zq1", "zq2"))),
        a_decision(MessageRequested(text="zq")),
    )
    stored = to_stored(an_entry(*events))
    assert b"zq" not in stored.body.lower()
    assert [text.subject for text in stored.texts] == ["zq1", "zq1", "zq2", ""]
    for text in stored.texts:
        assert text.salt is not None
        assert commitment(text.salt, text.value).encode() in stored.body


def test_the_same_twice_looks_different() -> None:
    entry = an_entry(a_decision(MessageRequested(text="hello")))
    assert len({to_stored(entry).body for _ in range(300)}) == 300, "salts are never used again"


@pytest.mark.parametrize("texts", [[], [b"{"], [b"[]"]])
def test_a_body_without_its_texts_is_an_error(texts: list[bytes]) -> None:
    stored = to_stored(an_entry(a_decision(MessageRequested(text="hello"))))
    with pytest.raises(CodecError, match="entry 3 "):
        from_stored(stored.body, 3, texts)


def test_a_body_that_keeps_what_a_text_should_bring_is_an_error() -> None:
    stored = to_stored(an_entry(a_decision(RoomAnnounced(name="visit", starts_at=DAY, allow=(Listed("anna"),)))))
    body = stored.body.replace(b'"data":{', b'"data":{"allow":"x",')
    with pytest.raises(CodecError, match="entry 3 "):
        from_stored(body, 3, [text.value for text in stored.texts])


@pytest.mark.parametrize("body", [b"", b"{}", b'{"\xff":1}', b'{"a":' + b"[" * 100_000])
def test_a_body_without_a_time_is_an_error(body: bytes) -> None:
    with pytest.raises(CodecError):
        recorded_at_of(body)
