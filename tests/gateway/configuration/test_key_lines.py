"""Keys as they are written: one a line."""

import pytest

from moderator.gateway.configuration.key_lines import key_lines

ONE = "one key of this gateway, long enough"
TWO = "two keys of this gateway are better"


@pytest.mark.parametrize(
    ("text", "keys"), [(ONE, (ONE,)), (f"{ONE}\n{TWO}\n", (ONE, TWO)), (f"\n  {ONE}  \r\n\r\n{TWO}", (ONE, TWO))]
)
def test_one_key_a_line(text: str, keys: tuple[str, ...]) -> None:
    assert key_lines(text) == keys


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "there is no key"),
        (" \n ", "there is no key"),
        ("too short", "the key is shorter"),
        (f"{ONE}\nshort", "key 2 is shorter"),
        ("\n".join([ONE] * 9), "more than 8"),
    ],
)
def test_what_is_no_key_is_a_sentence_without_it(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as raised:
        key_lines(text)
    assert ONE not in str(raised.value)
    assert "short\n" not in str(raised.value)
