import pytest

from moderator.feed.quality import Grade
from moderator.quality.scores import Limits, Measured, Steady, Thresholds, estimated_mos, judge, mos, r_factor

GOOD, FAIR, BAD, NONE = "good", "fair", "bad", "no_data"


@pytest.mark.parametrize(
    ("latency_ms", "jitter_ms", "loss_pct", "r", "score"),
    [
        (20, 2, 0, 92.4, 4.39),
        (100, 10, 1, 87.5, 4.27),
        (150, 30, 3, 75.7, 3.85),
        (200, 30, 5, 65.7, 3.39),
        (400, 50, 10, 29.2, 1.58),
    ],
)
def test_the_published_values_of_the_simplified_e_model(
    latency_ms: float, jitter_ms: float, loss_pct: float, r: float, score: float
) -> None:
    assert r_factor(latency_ms, jitter_ms, loss_pct) == pytest.approx(r, abs=0.05)
    assert mos(r_factor(latency_ms, jitter_ms, loss_pct)) == pytest.approx(score, abs=0.005)
    assert estimated_mos(loss_pct=loss_pct, round_trip_ms=2 * latency_ms, jitter_ms=jitter_ms) == pytest.approx(
        score, abs=0.005
    )


@pytest.mark.parametrize(("r", "score"), [(-50, 1), (0, 1), (3, 1), (50, 2.575), (100, 4.5), (140, 4.5)])
def test_a_score_is_between_1_and_4_5(r: float, score: float) -> None:
    assert mos(r) == pytest.approx(score)


def test_the_two_branches_for_delay_meet() -> None:
    assert r_factor(150, 0, 0) == pytest.approx(r_factor(149.999, 0, 0), abs=0.001)


@pytest.mark.parametrize("missing", ["loss_pct", "round_trip_ms", "jitter_ms"])
def test_no_score_without_all_three(missing: str) -> None:
    known: dict[str, float | None] = {"loss_pct": 0, "round_trip_ms": 20, "jitter_ms": 2}
    assert estimated_mos(**{**known, missing: None}) is None


@pytest.mark.parametrize(
    ("measured", "grade"),
    [
        (Measured(), NONE),
        (Measured(loss_pct=0), GOOD),
        (Measured(loss_pct=2.9, round_trip_ms=299, jitter_ms=29, mos=3.5), GOOD),
        (Measured(loss_pct=3), FAIR),
        (Measured(round_trip_ms=300), FAIR),
        (Measured(jitter_ms=30), FAIR),
        (Measured(mos=3.49), FAIR),
        (Measured(loss_pct=10), BAD),
        (Measured(round_trip_ms=500), BAD),
        (Measured(jitter_ms=100), BAD),
        (Measured(loss_pct=0, round_trip_ms=10, mos=2.49), BAD),
    ],
)
def test_the_limits(measured: Measured, grade: Grade) -> None:
    assert judge(measured, Thresholds()) == grade


def test_the_limits_can_be_set() -> None:
    strict = Thresholds(fair=Limits(loss_pct=1, round_trip_ms=100, jitter_ms=10, mos=4))
    assert judge(Measured(loss_pct=1), strict) == FAIR


@pytest.mark.parametrize(
    ("moments", "grades"),
    [
        ("ggg", "--g"),
        ("bbb", "--b"),
        ("fff", "--f"),
        ("gbg", "--g"),  # one outlier at the beginning is no grade
        ("gggbg", "--ggg"),
        ("gggbgb", "--gggg"),  # two of five
        ("gggbgbb", "--ggggb"),  # three of five
        ("gggfbf", "--gggf"),  # together they are three
        ("bbbgg", "--bbb"),
        ("bbbggg", "--bbbg"),  # three better ones in a row
        ("bbbggbggg", "--bbbbbbg"),
        ("bbbfff", "--bbbf"),
        ("bbbfffggg", "--bbbfffg"),
        ("ggg---", "--ggg-"),  # nothing measured is no good connection
        ("ggg-g-g", "--ggggg"),
        ("ggg---ggg", "--ggg---g"),
        ("---", "---"),
    ],
)
def test_a_grade_does_not_flicker(moments: str, grades: str) -> None:
    words: dict[str, Grade] = {"g": "good", "f": "fair", "b": "bad", "-": "no_data"}
    steady = Steady()
    assert [steady.add(words[one]) for one in moments] == [words[one] for one in grades]
