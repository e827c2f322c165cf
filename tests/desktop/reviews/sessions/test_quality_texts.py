"""Quality in words."""

from moderator.desktop.reviews.sessions.quality_texts import GRADE_WORDS, figures, graded_line, spoken
from moderator.feed.quality import QualitySummary
from tests.fakes.reviews import FORMULA, a_sample, a_series


def test_what_was_not_measured_is_left_out() -> None:
    summary = QualitySummary(formula=FORMULA, mos=4.21, loss_down_pct=0.0, jitter_ms=9.6)
    assert figures(summary) == "MOS 4.2 of 4.5 \u00b7 loss down 0.0 % \u00b7 jitter 10 ms"
    assert figures(QualitySummary(formula=FORMULA)) == "nothing was measured"


def test_how_long_each_grade_lasted_worst_first() -> None:
    summary = QualitySummary(formula=FORMULA, graded_ms={"good": 90_000, "bad": 30_000, "no_data": 61_000})
    assert graded_line(summary) == "bad 30 s, good 1 min, no data 1 min"


def test_the_plot_as_sentences() -> None:
    series = a_series(a_sample(0, mos=4.3), a_sample(9, mos=2.1), a_sample(10), graded_ms={"good": 20_000})
    assert spoken(series) == (
        "Good over all. Of the time: good 20 s. Means: MOS 4.2 of 4.5. "
        f"The lowest MOS was 2.1, 1 min after the beginning. MOS is an estimate: {FORMULA}."
    )


def test_no_data_never_looks_good() -> None:
    word, sign = GRADE_WORDS["no_data"]
    assert (word, sign.color) == ("No data", "stale")
    assert {sign.icon for _, sign in GRADE_WORDS.values()} == {"circle-check", "circle-alert", "circle-x", "hourglass"}
