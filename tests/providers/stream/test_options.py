import msgspec
import pytest

from moderator.providers.stream.options import StreamOptions
from tests.providers.stream.made import API_KEY, API_SECRET, options


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="base_url: write the whole address"):
        options(base_url="video.example.org")


@pytest.mark.parametrize("key", ["api_key", "api_secret", "base_url", "moderator_user"])
def test_nothing_may_be_empty(key: str) -> None:
    written = {"api_key": API_KEY, "api_secret": API_SECRET, key: ""}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(written, StreamOptions)


@pytest.mark.parametrize("kind", ["", "a:b", "a/b", "x" * 65])
def test_a_type_of_calls_is_one_word(kind: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"api_key": API_KEY, "api_secret": API_SECRET, "call_type": kind}, StreamOptions)


def test_what_is_misspelled_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="secret_api"):
        msgspec.convert({"api_key": "k", "api_secret": "s", "secret_api": "s"}, StreamOptions)


def test_the_secret_is_in_no_repr() -> None:
    assert API_KEY in repr(options())
    assert API_SECRET not in repr(options())
