"""Contrast of every text colour on every ground it stands on, by WCAG 2.2 (relative luminance, contrast ratio)."""

import pytest

from moderator.desktop.theme.tokens import DARK, LIGHT, Theme

GROUNDS = ("window", "raised", "hover", "selection", "warn_ground", "critical_ground")
TEXTS = ("text", "muted", "accent", "info", "warn", "critical", "stale")
CASES = [
    *((text, ground) for ground in GROUNDS for text in TEXTS),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("window", "critical"),  # overtime is an inverse chip
]


def luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(("text", "ground"), CASES)
def test_text_is_readable_on_its_ground(theme: Theme, text: str, ground: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["window", "raised"])
@pytest.mark.parametrize("token", ["faint", "live"])
def test_what_is_no_text_is_visible(theme: Theme, token: str, ground: str) -> None:
    assert contrast(getattr(theme, token), getattr(theme, ground)) >= 3


def test_the_formula_gives_the_known_extremes() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#FFFFFF") == pytest.approx(1)
