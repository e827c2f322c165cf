"""The catalogues hold the words that the source has, every one of them translated, with the same placeholders."""

import string

import pytest
from babel.messages.catalog import Message

from scripts import catalogues


@pytest.mark.parametrize("code", catalogues.CODES)
def test_a_catalogue_is_up_to_date(code: str) -> None:
    kept = (catalogues.FOLDER / f"{code}.po").read_bytes()
    wanted = catalogues.updated(code, catalogues.template())
    assert kept == catalogues.as_text(wanted), "run `python -m scripts.catalogues`"
    assert (catalogues.FOLDER / f"{code}.mo").read_bytes() == catalogues.compiled(wanted)


@pytest.mark.parametrize("code", catalogues.CODES)
def test_a_translation_is_filled_in_like_its_original(code: str) -> None:
    wrong = [one.id for one in catalogues.read(code) if one.id and not _fits(one)]
    assert wrong == []


@pytest.mark.parametrize("code", catalogues.CODES)
def test_nothing_is_left_to_translate(code: str) -> None:
    assert [one.id for one in catalogues.missing(catalogues.read(code))] == []


def test_what_is_english_only_translates_nothing() -> None:
    """Otherwise its words would be asked for, and stand in no catalogue."""
    callers = [
        str(file.relative_to(catalogues.SOURCE))
        for package in catalogues.ENGLISH_ONLY
        for file in (catalogues.SOURCE / package).rglob("*.py")
        if "moderator.language" in file.read_text("utf-8")
    ]
    assert callers == []


def _fits(message: Message) -> bool:
    """Each form names what the original names; a form for one may leave the number out."""
    original = catalogues.originals(message)[-1]
    optional = {"count"} if message.pluralizable else set()
    return all(not form or _names(form) | optional == _names(original) | optional for form in catalogues.forms(message))


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
