import pytest

from tests.providers.livekit.made import API_SECRET, options


@pytest.mark.parametrize(
    ("written", "asked", "connected"),
    [
        ("wss://clinic.livekit.cloud", "https://clinic.livekit.cloud", "wss://clinic.livekit.cloud"),
        ("ws://127.0.0.1:7880", "http://127.0.0.1:7880", "ws://127.0.0.1:7880"),
        ("WSS://clinic.livekit.cloud", "https://clinic.livekit.cloud", "wss://clinic.livekit.cloud"),
        ("https://media.example.org/livekit", "https://media.example.org/livekit", "wss://media.example.org/livekit"),
    ],
)
def test_the_api_is_where_clients_connect_to(written: str, asked: str, connected: str) -> None:
    made = options(base_url=written)
    assert (made.http_url, made.client_url) == (asked, connected)


@pytest.mark.parametrize("address", ["clinic.livekit.cloud", "wss://", "ftp://media.example.org"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="base_url: write the whole address"):
        options(base_url=address)


def test_the_secret_is_in_no_repr() -> None:
    assert API_SECRET not in repr(options())
