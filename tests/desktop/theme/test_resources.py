import pytest

from moderator.desktop.theme.resources import resource


@pytest.mark.parametrize("path", ["icons/LICENSE", "fonts/LICENSE-Inter.txt"])
def test_licences_come_with_what_they_are_for(path: str) -> None:
    assert "Copyright" in resource(path).read_text("utf-8")


def test_a_missing_file_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/nothing\.svg .* install it again"):
        resource("icons/nothing.svg")
