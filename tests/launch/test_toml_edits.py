import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.launch.toml_edits import NotEditable, with_first_in_list, with_table, with_value

WRITTEN = """# ours
[gateway]  # the service
hold_above = 7
# port = 1

[[room_types]]
name = "all"  # everything
"""
EXAMS: tuple[str, dict[str, str]] = ("room_types", {"name": "exams"})


def test_a_table_is_added_and_nothing_else_is_touched() -> None:
    text = with_table(WRITTEN, "sources.exams", {"provider": "livekit", "api_secret": {"keyring": "x"}, "tell": ["a"]})
    assert text.startswith(WRITTEN)
    assert tomllib.loads(text)["sources"]["exams"] == {
        "provider": "livekit",
        "api_secret": {"keyring": "x"},
        "tell": ["a"],
    }


def test_what_is_first_in_a_list_counts_first() -> None:
    text = with_first_in_list(WRITTEN, "room_types", {"name": "exams"})
    assert [one["name"] for one in tomllib.loads(text)["room_types"]] == ["exams", "all"]
    assert '"all"  # everything' in text
    assert tomllib.loads(with_first_in_list("", "room_types", {"name": "a"})) == {"room_types": [{"name": "a"}]}


def test_a_value_is_added_then_changed() -> None:
    text = with_value(WRITTEN, "gateway", "port", 8000)
    assert tomllib.loads(text)["gateway"] == {"hold_above": 7, "port": 8000}
    again = with_value(text, "gateway", "port", 9000)
    assert again == text.replace("8000", "9000")
    assert "# port = 1" in again
    assert tomllib.loads(with_value("", "gateway", "public_url", "u"))["gateway"] == {"public_url": "u"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sources = 1 2", "not TOML"),
        ("[sources.exams]\n", "already"),
        ("sources = { clinic = {} }\n", "written in a way"),
    ],
)
def test_what_cannot_be_added_to_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotEditable, match=why):
        with_table(text, "sources.exams", {"provider": "livekit"})
    with pytest.raises(NotEditable):
        with_first_in_list("room_types = []\n", "room_types", {"name": "a"})


def test_what_only_looks_like_a_header_is_not_taken_for_one() -> None:
    text = 'note = """\n[gateway]\n"""\n'
    with pytest.raises(NotEditable):
        with_value(text, "gateway", "port", 1)


def test_a_comment_stays_with_the_table_it_is_about() -> None:
    text = with_first_in_list("[gateway]\nport = 1\n\n# Agreed with\n  # Dr No\n[[room_types]]\nname = 'all'\n", *EXAMS)
    assert text.endswith("\n\n# Agreed with\n  # Dr No\n[[room_types]]\nname = 'all'\n")
    assert text.startswith('[gateway]\nport = 1\n\n[[room_types]]\nname = "exams"\n')


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_any_text_comes_back_as_it_was(value: str) -> None:
    text = with_value(WRITTEN, "gateway", "public_url", value)
    assert tomllib.loads(text)["gateway"]["public_url"] == value
