"""Contrast of every text colour on every ground it stands on, by WCAG 2.2 (relative luminance, contrast ratio)."""

import pytest

from moderator.desktop.theme.choosing import THEMES
from moderator.desktop.theme.tokens import Theme

GROUNDS = ("window", "raised", "hover", "selection", "warn_ground", "critical_ground")
TEXTS = ("text", "muted", "accent", "info", "warn", "critical", "stale")
TEXT_PAIRS = [
    *((text, ground) for ground in GROUNDS for text in TEXTS),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("window", "critical"),  # overtime is an inverse chip
]
SHAPE_PAIRS = [
    *((shape, ground) for shape in ("faint", "live") for ground in ("window", "raised")),
    *(("accent", ground) for ground in GROUNDS),  # the frame of what has the keyboard
    ("text", "window"),  # the same, around a button that is filled with the accent
    ("muted", "hover"),  # handles of scroll bars under the pointer
]
"""Lines, icons and frames that tell something."""
all_themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@all_themes
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable_on_its_ground(theme: Theme, text: str, ground: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= (7 if theme.high_contrast else 4.5)


@all_themes
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_what_is_no_text_is_visible(theme: Theme, shape: str, ground: str) -> None:
    assert contrast(getattr(theme, shape), getattr(theme, ground)) >= 3


@all_themes
def test_with_high_contrast_every_line_is_visible(theme: Theme) -> None:
    reached = [contrast(theme.line, getattr(theme, ground)) >= 3 for ground in GROUNDS]
    assert all(reached) or not theme.high_contrast


@all_themes
def test_levels_differ_from_each_other(theme: Theme) -> None:
    colors = {theme.level(level) for level in ("normal", "info", "warn", "critical", "stale")}
    assert len(colors) == 5


def test_the_formula_gives_the_known_extremes() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#FFFFFF") == pytest.approx(1)
