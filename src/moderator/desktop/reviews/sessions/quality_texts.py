"""How good a session was, in words: the grade, the means, the formula, and what the plot shows for those who do not see
it. Pure."""

from typing import Final

from moderator.client.texts import safe
from moderator.desktop.reviews.rows_model import Sign
from moderator.desktop.room.people_list import spent
from moderator.feed.quality import GRADES, Grade, QualitySample, QualitySeries, QualitySummary

GRADE_WORDS: Final[dict[Grade, tuple[str, Sign]]] = {
    "good": ("Good", Sign("circle-check", "text")),
    "fair": ("Fair", Sign("circle-alert", "warn")),
    "bad": ("Bad", Sign("circle-x", "critical")),
    "no_data": ("No data", Sign("hourglass", "stale")),
}
"""A word, an icon and a colour for each: never colour alone, and nothing that was not measured looks good."""
_FIGURES: Final[tuple[tuple[str, str, str], ...]] = (
    ("mos", "MOS", "{:.1f} of 4.5"),
    ("down_kbps", "down", "{:.0f} kbit/s"),
    ("up_kbps", "up", "{:.0f} kbit/s"),
    ("loss_down_pct", "loss down", "{:.1f} %"),
    ("loss_up_pct", "loss up", "{:.1f} %"),
    ("jitter_ms", "jitter", "{:.0f} ms"),
    ("round_trip_ms", "round trip", "{:.0f} ms"),
    ("fps", "video", "{:.0f} fps"),
)
"""The member of a sample or summary, what it is called, how it is written."""


def figures(found: QualitySummary | QualitySample) -> str:
    """What was measured, in a line; what was not is left out."""
    said = [
        f"{name} {form.format(getattr(found, member))}"
        for member, name, form in _FIGURES
        if getattr(found, member) is not None
    ]
    return " · ".join(said) or "nothing was measured"


def formula_line(summary: QualitySummary) -> str:
    """What the MOS is."""
    return f"MOS is an estimate: {safe(summary.formula)}."


def graded_line(summary: QualitySummary) -> str:
    """How long each grade lasted, the worst first."""
    lasted = [
        f"{GRADE_WORDS[grade][0].lower()} {spent(summary.graded_ms[grade])}"
        for grade in (*reversed(GRADES[1:]), "no_data")
        if summary.graded_ms.get(grade)
    ]
    return ", ".join(lasted)


def spoken(series: QualitySeries) -> str:
    """The plot as sentences."""
    summary = series.summary
    grade = GRADE_WORDS[summary.grade][0]
    lasted = graded_line(summary)
    sentences = (
        f"{grade} over all",
        f"of the time: {lasted}" if lasted else "",
        f"means: {figures(summary).replace(' · ', ', ')}",
        _worst(series.samples),
    )
    said = ". ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences if sentence)
    return f"{said}. {formula_line(summary)}"


def _worst(samples: tuple[QualitySample, ...]) -> str:
    measured = [(one.mos, one.at) for one in samples if one.mos is not None]
    if not measured:
        return ""
    mos, at = min(measured)
    after = at - samples[0].at
    return f"the lowest MOS was {mos:.1f}, {spent(after)} after the beginning"
