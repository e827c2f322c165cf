import pytest

from moderator.providers.provider import Finding
from moderator.providers.short_secrets import COPIED, short_secret


@pytest.mark.parametrize(
    ("secret", "found"),
    [
        ("secret", [Finding(True, f"api_secret has 6 characters: {COPIED}", todo=True)]),
        ("s" * 31, [Finding(True, f"api_secret has 31 characters: {COPIED}", todo=True)]),
        ("s" * 32, []),
        ("", []),
    ],
)
def test_what_is_said_of_a_secret(secret: str, found: list[Finding]) -> None:
    assert short_secret("api_secret", secret) == found
