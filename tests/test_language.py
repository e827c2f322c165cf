from collections.abc import Iterator
from gettext import NullTranslations

import pytest

from moderator import language
from moderator.desktop.durations import amount, step
from moderator.desktop.languages import catalogue
from moderator.desktop.tables.row_texts import left_of
from moderator.language import decimal, marked_in, minus, number, plus, tr, tr_in


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """Other tests read English."""
    yield
    language.use(NullTranslations())


@pytest.mark.parametrize(
    ("code", "numbers", "decimals"),
    [
        ("en", ["0", "999", "1,204", "-1,204", "1,000,000"], ["0.6", "12.35", "8"]),
        ("de", ["0", "999", "1.204", "-1.204", "1.000.000"], ["0,6", "12,35", "8"]),
        ("es", ["0", "999", "1.204", "-1.204", "1.000.000"], ["0,6", "12,35", "8"]),
        ("ar", ["0", "999", "1,204", "-1,204", "1,000,000"], ["0.6", "12.35", "8"]),
    ],
)
def test_numbers_are_written_as_the_language_does(code: str, numbers: list[str], decimals: list[str]) -> None:
    language.use(catalogue(code))
    assert [number(n) for n in (0, 999, 1204, -1204, 1_000_000)] == numbers
    assert [decimal(0.64), decimal(12.345678, 2), decimal(8.1, 0)] == decimals


def test_one_english_word_is_another_where_it_means_another_thing() -> None:
    language.use(catalogue("de"))
    assert [tr(marked_in(context, "Who")) for context in ("did it", "it would have been done to")] == ["Wer", "Wen"]
    assert [tr_in(context, "Open") for context in ("room", "window")] == ["Anzeigen", "Öffnen"]


def test_what_is_marked_in_a_context_stands_in_english_without_it() -> None:
    assert tr(marked_in("did it", "Who")) == "Who"


@pytest.mark.parametrize(("code", "before"), [("en", ""), ("de", ""), ("es", ""), ("ar", "\u200e")])
def test_a_sign_stays_before_its_number_where_reading_begins_on_the_right(code: str, before: str) -> None:
    language.use(catalogue(code))
    assert (plus(), minus()) == (f"{before}+", f"{before}\u2212")
    assert step(300_000) == f"{before}+5"
    assert amount(-90, signed=True).startswith(f"{before}\u22121 ")
    assert left_of(-133_000, stale=False) == f"{before}+02:13"
