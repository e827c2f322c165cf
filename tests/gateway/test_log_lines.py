"""Lines for programs: each a JSON object, whatever was logged."""

import io
import json
import logging
from typing import Any

import pytest

from moderator.gateway.log_lines import formatter

pytestmark = pytest.mark.usefixtures("caplog")  # these lines are meant


def logged(log_format: Any, message: str, *arguments: object, **how: Any) -> str:
    """What a handler writes for one call."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(log_format))
    logger = logging.getLogger("moderator.part")
    logger.addHandler(handler)
    try:
        logger.error(message, *arguments, **how)
    finally:
        logger.removeHandler(handler)
    return stream.getvalue()


def test_text_is_a_line_for_people() -> None:
    assert logged("text", "%d of %d", 1, 2).endswith(" ERROR moderator.part: 1 of 2\n")


def test_json_is_an_object_with_what_the_call_said() -> None:
    line = logged("json", 'a "webhook" of %s\nwas lost', "clinic", extra={"source": "clinic", "other": 1})
    assert line.count("\n") == 1
    told = json.loads(line)
    assert told.pop("time").endswith("+00:00")
    assert told == {
        "level": "ERROR",
        "logger": "moderator.part",
        "message": 'a "webhook" of clinic\nwas lost',
        "source": "clinic",
    }


def test_an_exception_is_a_field() -> None:
    try:
        raise ValueError("it is broken")
    except ValueError as error:
        told = json.loads(logged("json", "failed", exc_info=error))
    assert told["message"] == "failed"
    assert told["exception"].startswith("Traceback")
    assert told["exception"].endswith("ValueError: it is broken")


@pytest.mark.parametrize("text", ["half of a \ud83d character", "nul \0", "ünï \U0001f600"])
def test_every_text_can_be_written(text: str) -> None:
    assert json.loads(logged("json", "%s", text))["message"].replace("\\ud83d", "\ud83d") == text
