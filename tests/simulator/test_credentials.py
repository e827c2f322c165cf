import pytest
from msgspec import Struct

from moderator.simulator.credentials import BadCredentials, read_credentials, require


class Secrets(Struct, frozen=True, forbid_unknown_fields=True):
    api_key: str = ""
    api_secret: str = ""


def test_they_are_read() -> None:
    assert read_credentials(b'{"api_key": "k", "api_secret": "s"}\n', Secrets) == Secrets("k", "s")


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'{"api_secret": 1}', b'{"hush": "hush"}', b"\xff"])
def test_credentials_are_one_line_of_json(line: bytes) -> None:
    with pytest.raises(BadCredentials) as error:
        read_credentials(line, Secrets)
    assert "hush" not in str(error.value)


def test_what_is_missing_is_named_and_what_is_there_is_not_told() -> None:
    require(Secrets("k", "s"), "somewhere", "api_key", "api_secret")
    with pytest.raises(BadCredentials, match=r"^credentials for somewhere need api_key$"):
        require(Secrets("", "hush"), "somewhere", "api_key", "api_secret")
