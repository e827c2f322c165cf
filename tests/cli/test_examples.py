"""The examples of --help can be typed as they stand."""

import shlex

import pytest

from moderator.cli.arguments import parser
from moderator.cli.examples import EXAMPLES


@pytest.mark.parametrize("name", EXAMPLES)
def test_they_stand_in_the_help_each_on_a_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args([name, "--help"])
    shown = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert set(EXAMPLES[name]) <= set(shown)


@pytest.mark.parametrize("line", [line for lines in EXAMPLES.values() for line in lines])
def test_they_are_understood(line: str) -> None:
    program, *words = shlex.split(line)
    assert program == "moderator"
    assert parser().parse_args(words).command == words[0]
