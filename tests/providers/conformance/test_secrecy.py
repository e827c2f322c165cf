"""Secrets are found in whatever form they get out."""

import logging
from urllib.parse import quote

import pytest

from moderator.providers.conformance.secrecy import leaked, overheard, words_of

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("it is s3cret/key now", "s3cret/key"),
        (f"/path?key={quote('s3cret/key +é', safe='')}", "s3cret/key +é"),
        ("'s3cret\\nkey'", "s3cret\nkey"),
        ("...AQEFAASCBKcwggSjAgEAAoIB...", KEY),
    ],
)
def test_a_secret_is_found(text: str, secret: str) -> None:
    assert leaked(text, ["another-secret", secret])


@pytest.mark.parametrize("text", ["", "s3cre", "-----BEGIN PRIVATE KEY-----"])
def test_what_is_no_secret_is_none(text: str) -> None:
    assert not leaked(text, ["s3cret-key", KEY])


def test_an_error_shows_what_is_behind_it() -> None:
    try:
        try:
            raise ValueError("the inner one")
        except ValueError as error:
            raise KeyError("the outer one") from error
    except KeyError as error:
        words = words_of(error)
    assert "the inner one" in words
    assert "the outer one" in words


def test_all_that_is_logged_is_heard_and_nobody_else_hears_less(caplog: pytest.LogCaptureFixture) -> None:
    logger, lines = logging.getLogger("acme"), list[str]()
    with caplog.at_level(logging.INFO), overheard(lines):
        logger.debug("a detail")
        logger.info("news of %s", "ana")
    assert [line.strip() for line in lines] == ["a detail", "news of ana"]
    assert [record.getMessage() for record in caplog.records] == ["news of ana"]
