import pytest

from moderator.feed.quality import QualitySample, QualitySummary
from moderator.quality.intervals import Interval
from moderator.quality.scores import FORMULA, Thresholds
from moderator.quality.series import MAX_SAMPLES, samples, summary

LIMITS = Thresholds()


def good(at: int, duration_ms: int = 1000) -> Interval:
    return Interval(
        at=at,
        duration_ms=duration_ms,
        bytes_down=25_000,
        bytes_up=12_500,
        received=50,
        jitter_ms=2,
        round_trip_ms=40,
        loss_up_pct=0,
        fps=30,
    )


def bad(at: int) -> Interval:
    return Interval(at=at, duration_ms=1000, bytes_down=2_500, received=5, lost=5, jitter_ms=200, round_trip_ms=900)


def silent(at: int) -> Interval:
    return Interval(at=at, duration_ms=1000, bytes_down=0, bytes_up=0)


def test_a_sample() -> None:
    sample = samples([good(0), good(1000), good(2000)], LIMITS)[2]
    assert sample == QualitySample(
        at=2000,
        duration_ms=1000,
        down_kbps=200,
        up_kbps=100,
        loss_down_pct=0,
        loss_up_pct=0,
        jitter_ms=2,
        round_trip_ms=40,
        fps=30,
        mos=4.392,
        grade="good",
    )


def test_loss_in_one_direction_is_enough() -> None:
    one_way = Interval(at=0, duration_ms=1000, received=100, loss_up_pct=40, jitter_ms=0, round_trip_ms=0)
    (sample,) = samples([one_way], LIMITS)
    assert sample.mos == pytest.approx(1, abs=0.1)


def test_nothing_measured_is_no_grade() -> None:
    assert [one.grade for one in samples([silent(0), silent(1000)], LIMITS)] == ["no_data"] * 2
    assert summary([silent(0)], LIMITS).grade == "no_data"
    assert summary([], LIMITS) == QualitySummary(formula=FORMULA)


def test_a_long_session_has_longer_samples_and_hides_no_trouble() -> None:
    intervals = [bad(n * 1000) if 50_000 <= n < 50_010 else good(n * 1000) for n in range(100_000)]
    found = samples(intervals, LIMITS)
    assert len(found) <= MAX_SAMPLES
    assert sum(one.duration_ms for one in found) == 100_000_000
    assert {one.grade for one in found} == {"good", "bad"}


def test_the_summary_tells_how_long_it_was_bad() -> None:
    found = summary([*(good(n) for n in range(5)), *(bad(n) for n in range(5, 10))], LIMITS)
    assert found.formula == "simplified E-model (ITU-T G.107), latency = round trip / 2"
    assert found.graded_ms == {"no_data": 2000, "good": 5000, "bad": 3000}
    assert (found.grade, found.loss_down_pct, found.round_trip_ms) == ("bad", 8.333, 470)
