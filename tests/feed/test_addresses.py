"""Which addresses secrets are sent to, and keys are believed from."""

import pytest

from moderator.feed.addresses import is_secure


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("https://login.example.org", True),
        ("http://127.0.0.1:8080/x", True),
        ("http://127.0.0.2", True),
        ("http://[::1]/", True),
        ("http://localhost", True),
        ("http://LOCALHOST:1", True),
        ("http://login.example.org", False),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://127.0.0.1@evil.example", False),
        ("http://192.0.2.1", False),
        ("http://0.0.0.0", False),
        ("http://[", False),
        ("https://", False),
        ("ftp://127.0.0.1", False),
        ("", False),
    ],
)
def test_which_addresses_can_be_believed(url: str, secure: bool) -> None:
    assert is_secure(url) is secure
