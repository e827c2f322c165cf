"""Which language the window speaks: the catalogue, Qt's own words, and the direction of reading."""

from gettext import GNUTranslations, NullTranslations
from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from moderator import language
from moderator.desktop.preferences import Preference
from moderator.desktop.theme.resources import resource

LANGUAGES: Final = {"en": "English", "de": "Deutsch", "es": "Español", "ar": "العربية"}
"""By code, as each calls itself. English stands in the source; the others have a catalogue in `resources/languages`."""
LANGUAGE: Final = Preference("look/language", "system")
"""`system`, or a code; holds from the next start on."""
_QT_WORDS: Final = "qt words"
"""What Qt's own words in the language that is spoken are known by."""


def speak(application: QApplication, chosen: str) -> str:
    """Have everything that is made from now on speak this language, or the system's; returns its code."""
    code = chosen if chosen in LANGUAGES else _of_the_system()
    language.use(catalogue(code))
    application.setLayoutDirection(QLocale(code).textDirection())
    for earlier in application.findChildren(QTranslator, _QT_WORDS):
        application.removeTranslator(earlier)
        earlier.deleteLater()
    qt_words = QTranslator(application)
    qt_words.setObjectName(_QT_WORDS)
    if qt_words.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(qt_words)
    return code


def catalogue(code: str) -> NullTranslations:
    """The words of a language of `LANGUAGES`. Raises FileNotFoundError: the installation is damaged."""
    if code == "en":
        return NullTranslations()
    with resource(f"languages/{code}.mo").open("rb") as file:
        return GNUTranslations(file)


def _of_the_system() -> str:
    spoken = (name.partition("-")[0] for name in QLocale.system().uiLanguages())
    return next((code for code in spoken if code in LANGUAGES), "en")
