from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderator import language
from moderator.desktop import languages
from moderator.desktop.languages import LANGUAGES


@pytest.fixture
def spoken(qapp: QApplication) -> Iterator[QApplication]:
    """The application; it speaks English again afterwards."""
    yield qapp
    languages.speak(qapp, "en")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_its_catalogue_and_direction(spoken: QApplication, code: str) -> None:
    assert languages.speak(spoken, code) == code
    mirrored = spoken.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert mirrored is (code == "ar")


def test_a_language_that_is_not_there_is_the_systems_or_english(spoken: QApplication) -> None:
    assert languages.speak(spoken, "tlh") in LANGUAGES


def test_qts_own_words_are_in_the_language_too(spoken: QApplication) -> None:
    languages.speak(spoken, "de")
    assert spoken.translate("QPlatformTheme", "Cancel") == "Abbrechen"


def test_of_a_language_that_is_spoken_no_more_no_word_is_left(spoken: QApplication) -> None:
    for code in ("de", "es", "en"):
        languages.speak(spoken, code)
    assert spoken.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_what_is_in_no_catalogue_stays_english() -> None:
    assert language.tr("Zanzibar %d {x}") == "Zanzibar %d {x}"
    assert language.tr("") == ""
    assert [language.ntr("1 room", "{count} rooms", n).format(count=n) for n in (1, 2)] == ["1 room", "2 rooms"]
