"""The stream is the same however its bytes are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.feed import sse
from moderator.feed.sse import SseDecoder, SseError, SseFrame, encode_frame

LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=20)
STREAM = st.lists(
    st.one_of(
        st.builds(lambda text: b"data: " + text.encode(), LINE),
        st.builds(lambda text: b"data:" + text.encode(), LINE),
        st.builds(lambda text: b"id: " + text.encode(), LINE),
        st.builds(lambda text: b"event: " + text.encode(), LINE),
        st.sampled_from([b"", b"", b"data", b": a comment", b"retry: 5", b"nonsense: 1", b"id: a\0b"]),
    ),
    max_size=20,
)
ENDS = st.sampled_from([b"\n", b"\r", b"\r\n"])


def decoded(*chunks: bytes) -> list[SseFrame]:
    decoder = SseDecoder()
    return [frame for chunk in chunks for frame in decoder.feed(chunk)]


@given(STREAM, ENDS, st.booleans(), st.lists(st.integers(0, 400), max_size=30))
def test_any_cutting_of_the_bytes_gives_the_same_frames(
    lines: list[bytes], end: bytes, mark: bool, cuts: list[int]
) -> None:
    stream = (b"\xef\xbb\xbf" if mark else b"") + b"".join(line + end for line in lines) + b"data: end\n\n"
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    chunks = [stream[start:stop] for start, stop in pairwise(places)]
    assert decoded(*chunks) == decoded(stream)
    assert decoded(*(stream[at : at + 1] for at in range(len(stream)))) == decoded(stream)


@given(st.lists(st.tuples(LINE.filter(bool), LINE.filter(bool), LINE.filter(lambda text: text == text.strip()))))
def test_what_is_encoded_is_decoded(frames: list[tuple[str, str, str]]) -> None:
    wanted = [SseFrame(event, data.encode(), id_) for event, data, id_ in frames]
    assert decoded(b"".join(encode_frame(frame.event, frame.data, frame.id) for frame in wanted)) == wanted


@pytest.mark.parametrize(
    ("stream", "frames"),
    [
        (b"data: a\ndata: b\n\n", [SseFrame("message", b"a\nb")]),
        (b"data:  two spaces\n\n", [SseFrame("message", b" two spaces")]),
        (b"event: heartbeat\n\n", []),
        (b"event: x\nid: 1\n\ndata: a\n\n", [SseFrame("message", b"a")]),
        (b"data: unfinished\n", []),
        (b": still here\n\n", []),
        (b"id: 1\ndata\n\n", [SseFrame("message", b"", "1")]),
        (b"id: 1\nid: 2\0\ndata: a\n\n", [SseFrame("message", b"a", "1")]),
        (b"event: \xff\ndata: a\n\n", [SseFrame("\ufffd", b"a")]),
        ("data: a\u2028b\x85\n\n".encode(), [SseFrame("message", "a\u2028b\x85".encode())]),
    ],
)
def test_the_rules_of_the_format(stream: bytes, frames: list[SseFrame]) -> None:
    assert decoded(stream) == frames


@pytest.mark.parametrize("stream", [b"data: %b\n" % (b"x" * 60), b"x" * 120, b"data: " + b"x" * 120 + b"\n"])
def test_a_frame_without_end_is_refused(stream: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "MAX_FRAME_BYTES", 100)
    with pytest.raises(SseError):
        decoded(stream, stream)


def test_many_small_frames_are_no_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "MAX_FRAME_BYTES", 100)
    assert len(decoded(*[b"data: " + b"x" * 50 + b"\n\n"] * 20)) == 20
