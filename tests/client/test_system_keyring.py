"""Keeping one secret; that a keyring may hang is tested with what keeps sign-ins."""

import pytest

from moderator.client.system_keyring import NoKeyring, forget_in_keyring, found_in_keyring, keep_in_keyring
from tests.fakes.keyrings import Forgetful, InMemory, Raising, system_keyring


def test_kept_found_forgotten() -> None:
    with system_keyring(InMemory()):
        assert found_in_keyring("name") == ""
        keep_in_keyring("name", "secret")
        assert found_in_keyring("name") == "secret"
        forget_in_keyring("name")
        assert found_in_keyring("name") == ""


@pytest.mark.parametrize(
    ("keyring", "why"), [(None, "has no keyring"), (Raising(), "RuntimeError"), (Forgetful(), "does not keep")]
)
def test_one_that_does_not_keep_it_says_so_without_the_secret(keyring: InMemory | None, why: str) -> None:
    with system_keyring(keyring), pytest.raises(NoKeyring, match=why) as error:
        keep_in_keyring("name", "the-secret")
    assert "the-secret" not in str(error.value)
