from typing import Any

import pytest

from moderator.quality.compression import Reports
from moderator.quality.intervals import Interval, between, one_after_another, reading, side_by_side


def inbound(**values: Any) -> dict[str, Any]:
    return {"type": "inbound-rtp", **values}


def outbound(**values: Any) -> dict[str, Any]:
    return {"type": "outbound-rtp", **values}


def far(**values: Any) -> dict[str, Any]:
    return {"type": "remote-inbound-rtp", **values}


def interval(before: Reports, after: Reports, ms: int = 1000) -> Interval:
    found = between(reading(0, before), reading(ms, after))
    assert found is not None
    return found


def test_what_is_received() -> None:
    found = interval(
        {"1": inbound(bytesReceived=1000, packetsReceived=10, packetsLost=1, framesDecoded=5)},
        {"1": inbound(bytesReceived=26000, packetsReceived=55, packetsLost=6, framesDecoded=30, jitter=0.012)},
    )
    assert found == Interval(
        at=0, duration_ms=1000, bytes_down=25000, received=45, lost=5, jitter_ms=12, fps=25, loss_up_pct=None
    )
    assert found.loss_down_pct == pytest.approx(10)


def test_what_is_sent_is_judged_by_the_other_side() -> None:
    found = interval(
        {"1": outbound(bytesSent=0, packetsSent=0)},
        {
            "1": outbound(bytesSent=5000, packetsSent=10),
            "2": far(localId="1", fractionLost=0.05, roundTripTime=0.2, jitter=0.003),
        },
    )
    assert (found.bytes_up, found.loss_up_pct, found.round_trip_ms, found.jitter_ms) == (5000, 5, 200, 3)
    assert (found.bytes_down, found.loss_down_pct) == (None, None)


def test_the_path_tells_the_round_trip_where_nobody_reports_one() -> None:
    pairs = {
        "8": {"type": "candidate-pair", "nominated": True, "currentRoundTripTime": 0.04},
        "9": {"type": "candidate-pair", "nominated": False, "currentRoundTripTime": 0.9},
    }
    found = interval({"1": inbound(packetsReceived=0)}, {"1": inbound(packetsReceived=1), **pairs})
    assert found.round_trip_ms == 40


def test_readings_are_old_when_nothing_moves() -> None:
    still: Reports = {
        "1": inbound(packetsReceived=9, bytesReceived=90, jitter=0.5),
        "2": outbound(packetsSent=9, bytesSent=90),
        "3": far(localId="2", fractionLost=0.5, roundTripTime=0.5),
        "4": {"type": "candidate-pair", "nominated": True, "currentRoundTripTime": 0.5},
    }
    assert interval(still, still) == Interval(at=0, duration_ms=1000, bytes_down=0, bytes_up=0)


def test_the_worst_stream_counts() -> None:
    found = interval(
        {"1": inbound(packetsReceived=0, framesDecoded=0), "2": inbound(packetsReceived=0, framesDecoded=0)},
        {
            "1": inbound(packetsReceived=9, jitter=0.01, framesDecoded=30),
            "2": inbound(packetsReceived=9, jitter=0.05, framesDecoded=5),
        },
    )
    assert (found.jitter_ms, found.fps) == (50, 30)


def test_a_stream_counts_from_the_second_reading_on() -> None:
    found = interval({}, {"1": inbound(bytesReceived=10**6, packetsReceived=10**3)})
    assert (found.bytes_down, found.received, found.jitter_ms) == (None, 0, None)


def test_a_counter_that_goes_back_is_nothing_new() -> None:
    found = interval(
        {"1": inbound(bytesReceived=900, packetsReceived=90, packetsLost=5)},
        {"1": inbound(bytesReceived=10, packetsReceived=95, packetsLost=2)},
    )
    assert (found.bytes_down, found.received, found.lost, found.loss_down_pct) == (0, 5, 0, 0)


@pytest.mark.parametrize("ms", [0, -5])
def test_no_time_no_interval(ms: int) -> None:
    assert between(reading(0, {}), reading(ms, {})) is None


@pytest.mark.parametrize("value", ["9", None, True, 1e300, float("nan"), float("inf"), [1], {"a": 1}, -(10**40)])
def test_what_is_no_number_measures_nothing(value: Any) -> None:
    found = interval(
        {"1": inbound(packetsReceived=0)},
        {
            "1": inbound(packetsReceived=1, bytesReceived=value, jitter=value, framesDecoded=value),
            "2": far(localId=value),
        },
    )
    assert (found.bytes_down, found.jitter_ms, found.fps) == (0, None, None)


A = Interval(at=0, duration_ms=1000, bytes_down=10, received=9, lost=1, jitter_ms=10, fps=30, mos=4)
B = Interval(at=1000, duration_ms=3000, bytes_down=20, bytes_up=5, received=30, lost=0, jitter_ms=50, mos=3)


def test_connections_side_by_side() -> None:
    assert side_by_side([A, B]) == Interval(
        at=0, duration_ms=3000, bytes_down=30, bytes_up=5, received=39, lost=1, jitter_ms=50, fps=30, mos=4
    )


def test_one_interval_after_another() -> None:
    assert one_after_another([A, B]) == Interval(
        at=0, duration_ms=4000, bytes_down=30, bytes_up=5, received=39, lost=1, jitter_ms=40, fps=30, mos=3.25
    )
