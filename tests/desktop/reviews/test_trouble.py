"""What a review window says where it has nothing to show."""

import pytest

from moderator.client.errors import (
    Busy,
    Forbidden,
    GatewayError,
    GatewayFailed,
    GatewayUnreachable,
    Invalid,
    NotFound,
    SignedOut,
)
from moderator.desktop.reviews.trouble import missing_scope, sentence_of, trouble_of
from tests.fakes.reviews import REVIEWER, WATCHER


@pytest.mark.parametrize(
    ("error", "title", "can_retry"),
    [
        (Forbidden("no"), "Your token does not allow this", False),
        (SignedOut("no"), "Signed out", True),
        (GatewayUnreachable("no"), "The gateway cannot be reached", True),
        (NotFound("no"), "This is not there", True),
        (Invalid("no"), "The gateway does not accept this question", True),
        (Busy("no"), "This cannot be read now", True),
        (GatewayFailed("no"), "This could not be read", True),
    ],
)
def test_each_error_has_its_title(error: GatewayError, title: str, can_retry: bool) -> None:
    trouble = trouble_of(error)
    assert (trouble.title, trouble.line, trouble.can_retry) == (title, "No.", can_retry)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("the database is away", "The database is away."),
        ("rtcStats hides it: run GRANT x;", "rtcStats hides it: run GRANT x;"),
        ("no\x1b[31m escape", "No\ufffd[31m escape."),
    ],
)
def test_sentences(said: str, shown: str) -> None:
    assert sentence_of(Busy(said)) == shown


def test_a_missing_scope_is_named_before_anything_is_asked() -> None:
    found = missing_scope(WATCHER, "audit:read")
    assert found is not None
    assert "audit:read" in found.line
    assert missing_scope(REVIEWER, "audit:read") is None
    assert missing_scope(None, "audit:read") is None, "not known yet: ask"
