import gzip
import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.quality import dumps
from moderator.quality.dumps import Dump, read_dump
from moderator.quality.errors import Unavailable
from moderator.quality.scores import Thresholds
from moderator.quality.series import summary
from tests.quality.conftest import DATA

RECORDED: Final = (DATA / "dump_1_alice.jsonl").read_bytes()
HEAD: Final = b'RTCStatsDump\n{"fileFormat":3}\n'
START_MS: Final = 1_795_226_313_512


def measured(packets: int, connection: str = "PC_0", delta_ms: float = 1000, **more: Any) -> list[Any]:
    return [
        "g",
        connection,
        {"1": {"type": 1, "14": packets, "15": 0, "41": packets * 100, "16": 0.002, **more}},
        delta_ms,
    ]


def dump(*events: Any) -> bytes:
    lines = [[39, None, {}, START_MS], *events]
    return HEAD + b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)


def test_the_recorded_session_of_a_real_browser() -> None:
    found = read_dump(RECORDED)
    assert (len(found.intervals), found.notice) == (14, None)
    assert [one.duration_ms for one in found.intervals[:4]] == [995, 1000, 1001, 999]
    told = summary(found.intervals, Thresholds())
    assert (told.grade, told.loss_down_pct, told.loss_up_pct) == ("good", 0, 0)
    assert (told.down_kbps, told.up_kbps, told.fps) == (206.4, 225.772, 20.002)
    assert (told.mos, told.jitter_ms, told.round_trip_ms) == (4.403, 1.143, 2.331)


def test_its_last_readings_are_those_that_the_browser_counted() -> None:
    received = sum(one.received for one in read_dump(RECORDED).intervals)
    assert received == (701 - 1) + (517 - 50)  # audio, and video from its second reading on


def test_a_packed_file_is_the_same() -> None:
    assert read_dump(gzip.compress(RECORDED)) == read_dump(RECORDED)


def test_a_file_that_breaks_off_is_read_so_far_and_said() -> None:
    packed = gzip.compress(RECORDED)
    found = read_dump(packed[: len(packed) * 9 // 10])
    assert 5 < len(found.intervals) < 14
    assert found.notice == "the record is incomplete: the file is damaged, or was not written to its end"


def test_a_line_that_breaks_off_is_passed_over_and_said() -> None:
    found = read_dump(
        dump(measured(1), b'["g","PC_0",{"1":\n', measured(2, delta_ms=1500), b"no json\n", [1], b"\xff\n", b"[" * 9999)
    )
    assert [one.duration_ms for one in found.intervals] == [1500]
    assert found.notice == "5 lines of the record could not be read"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no record of rtcStats"),
        (b"%PDF-1.7\n", "no record of rtcStats"),
        (b"\x1f\x8b garbage", "damaged at the beginning"),
        (b"RTCStatsDump\n", "damaged at the beginning"),
        (b"RTCStatsDump\nnull\n", "damaged at the beginning"),
        (b'RTCStatsDump\n{"fileFormat":"3"}\n', "damaged at the beginning"),
        (b'RTCStatsDump\n{"fileFormat":2}\n', "format 2, and only 3"),
        (HEAD[:13] + b'{"a":' + b"[" * 10_000, "damaged at the beginning"),
        (b"x" * 5_000_000, "damaged at the beginning"),
    ],
)
def test_what_is_no_dump_is_said(content: bytes, sentence: str) -> None:
    with pytest.raises(Unavailable, match=sentence):
        read_dump(content)


def test_nothing_measured_is_an_empty_record() -> None:
    assert read_dump(dump(["close", None, 1000, 5])) == Dump(())


@pytest.mark.parametrize("name", ["g", 1, "getStats"])
def test_the_names_of_a_measurement(name: object) -> None:
    events = [[name, *measured(n)[1:]] for n in (1, 2)]
    assert len(read_dump(dump(*events)).intervals) == 1


def test_connections_side_by_side_are_one_interval() -> None:
    events = [measured(n, connection, 500) for n in (1, 2, 3) for connection in ("PC_0", "PC_1")]
    found = read_dump(dump(*events)).intervals
    assert [(one.duration_ms, one.received) for one in found] == [(1000, 2), (1000, 2)]


def test_a_connection_that_was_closed_begins_anew() -> None:
    found = read_dump(dump(measured(1), measured(5), [36, "PC_0", None, 10], measured(100), measured(101)))
    assert [one.received for one in found.intervals] == [4, 1]


@pytest.mark.parametrize(
    ("limit", "value"), [("MAX_WORK", 40), ("MAX_INTERVALS", 2), ("MAX_UNPACKED_BYTES", 400), ("MAX_LINE_BYTES", 150)]
)
def test_what_is_too_much_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(dumps, limit, value)
    events = [measured(n) for n in range(10)]
    found = read_dump(gzip.compress(dump(*events, [":note", None, "x" * 200, 5], *events)))
    assert found.notice == "the record is incomplete: it is too large"
    assert 0 < len(found.intervals) < 12


def test_a_browser_has_not_that_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "MAX_CONNECTIONS", 3)
    events = [measured(n, f"PC_{number}") for n in (1, 2) for number in range(5)]
    assert read_dump(dump(*events)).notice == "the record is incomplete: it is too large"


ANYTHING: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["1", "14", "16", "type", "t"]), inner),
    max_leaves=8,
)
EVENTS: Final = st.tuples(st.sampled_from(["g", 36, "x", None]), st.sampled_from(["PC", None, 1]), ANYTHING, ANYTHING)


@given(st.lists(EVENTS, max_size=8))
def test_a_browser_can_write_what_it_likes(events: list[tuple[Any, ...]]) -> None:
    found = read_dump(dump(*events))
    summary(found.intervals, Thresholds())
    assert all(one.duration_ms > 0 for one in found.intervals)


@given(st.binary(max_size=200))
def test_nor_do_bytes_do_any_harm(content: bytes) -> None:
    assert read_dump(HEAD + content).intervals == ()
