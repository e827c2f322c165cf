"""How good a session was, in words: the grade, the means, the formula, and what the plot shows for those who do not see
it. Pure."""

from typing import Final

from moderator.client.texts import safe
from moderator.desktop.durations import rough
from moderator.desktop.reviews.rows_model import Sign
from moderator.feed.quality import GRADES, Grade, QualitySample, QualitySeries, QualitySummary
from moderator.language import decimal, marked, tr

GRADE_WORDS: Final[dict[Grade, tuple[str, Sign]]] = {
    "good": (marked("Good"), Sign("circle-check", "text")),
    "fair": (marked("Fair"), Sign("circle-alert", "warn")),
    "bad": (marked("Bad"), Sign("circle-x", "critical")),
    "no_data": (marked("No data"), Sign("hourglass", "stale")),
}
"""A word, an icon and a colour for each: never colour alone, and nothing that was not measured looks good."""
_FIGURES: Final[tuple[tuple[str, str, int], ...]] = (
    ("mos", marked("MOS {value} of 4.5"), 1),
    ("down_kbps", marked("down {value} kbit/s"), 0),
    ("up_kbps", marked("up {value} kbit/s"), 0),
    ("loss_down_pct", marked("loss down {value} %"), 1),
    ("loss_up_pct", marked("loss up {value} %"), 1),
    ("jitter_ms", marked("jitter {value} ms"), 0),
    ("round_trip_ms", marked("round trip {value} ms"), 0),
    ("fps", marked("video {value} fps"), 0),
)
"""The member of a sample or summary, how it is written, and with how many digits after the point."""


def grade_word(grade: Grade) -> str:
    """What a grade is called."""
    return tr(GRADE_WORDS[grade][0])


def figures(found: QualitySummary | QualitySample) -> str:
    """What was measured, in a line; what was not is left out."""
    return " · ".join(_figures(found)) or tr("nothing was measured")


def _figures(found: QualitySummary | QualitySample) -> list[str]:
    return [
        tr(words).format(value=decimal(getattr(found, member), digits))
        for member, words, digits in _FIGURES
        if getattr(found, member) is not None
    ]


def formula_line(summary: QualitySummary) -> str:
    """What the MOS is."""
    return tr("MOS is an estimate: {formula}.").format(formula=safe(summary.formula))


def graded_line(summary: QualitySummary) -> str:
    """How long each grade lasted, the worst first."""
    lasted = [
        tr("{grade} {duration}").format(grade=grade_word(grade).lower(), duration=rough(summary.graded_ms[grade]))
        for grade in (*reversed(GRADES[1:]), "no_data")
        if summary.graded_ms.get(grade)
    ]
    return ", ".join(lasted)


def spoken(series: QualitySeries) -> str:
    """The plot as sentences."""
    summary, lasted = series.summary, graded_line(series.summary)
    means = ", ".join(_figures(summary)) or tr("nothing was measured")
    sentences = (
        tr("{grade} over all.").format(grade=grade_word(summary.grade)),
        tr("Of the time: {grades}.").format(grades=lasted) if lasted else "",
        tr("Means: {figures}.").format(figures=means),
        _worst(series.samples),
        formula_line(summary),
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _worst(samples: tuple[QualitySample, ...]) -> str:
    measured = [(one.mos, one.at) for one in samples if one.mos is not None]
    if not measured:
        return ""
    mos, at = min(measured)
    words = tr("The lowest MOS was {mos}, {duration} after the beginning.")
    return words.format(mos=decimal(mos, 1), duration=rough(at - samples[0].at))
