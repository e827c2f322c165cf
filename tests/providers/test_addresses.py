import pytest

from moderator.http import Unreachable
from moderator.providers.addresses import UNREACHED, must_be_address, path_part, registration, remedy_for
from moderator.providers.errors import ProviderError, Rejected, Unavailable
from moderator.providers.provider import Finding


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8765/webhooks/x", "http://localhost/x", "http://[::1]:80/x", "http://10.0.0.5/x"]
)
def test_an_address_that_the_platform_cannot_reach(url: str) -> None:
    finding = registration(url, "https://video.api.vonage.com", "there")
    assert (finding.ok, "public_url" in finding.remedy, url in finding.what) == (False, True, True)
    assert registration(url, "http://127.0.0.1:9000", "there") == Finding(
        True, f"Register {url} there", todo=True, webhooks=True
    )


@pytest.mark.parametrize("address", ["", "video.example.org", "ftp://video.example.org", "http://", "/twirp"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match=r"^base_url: .*http"):
        must_be_address("base_url", address)


@pytest.mark.parametrize(
    ("id_", "part"), [("a b/c", "a%20b%2Fc"), ("..", "%2E%2E"), ("a.b", "a.b"), ("?x#y", "%3Fx%23y"), ("é", "%C3%A9")]
)
def test_an_id_stays_one_part_of_a_path(id_: str, part: str) -> None:
    assert path_part(id_) == part


def test_no_id_means_nobody() -> None:
    with pytest.raises(Rejected):
        path_part("")


def test_where_nobody_answered_the_address_is_asked_about() -> None:
    error: ProviderError = Unavailable("It: h cannot be reached.")
    assert remedy_for(error) == "It: h cannot be reached."
    error.__cause__ = Unreachable("h cannot be reached")
    assert remedy_for(error) == f"It: h cannot be reached. {UNREACHED}"
    assert remedy_for(error, "Is it there?") == "It: h cannot be reached. Is it there?"
