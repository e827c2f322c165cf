"""What is said of each known event that holds no fact."""

from typing import Any

import pytest

from moderator.providers.vonage.notices import KNOWN, kind_of, words_for


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"event": "archive", "status": "available", "reason": ""}, "a recording of this session: available"),
        ({"event": "archive", "status": "failed", "reason": "why"}, "a recording of this session: failed, why"),
        ({"status": "started", "outputMode": "composed"}, "a recording of this session: started"),
        ({"status": "paused", "captionId": "c"}, "the captions of this session: paused"),
        ({"event": "broadcast", "status": "started"}, "a broadcast of this session: started"),
        ({"event": "render", "status": "stopped"}, "a composed picture in this session: stopped"),
        ({"event": "callUpdated", "state": "ON_HOLD"}, "a phone call in this session: ON_HOLD"),
        ({"event": "muteForced"}, "somebody on the phone was muted by force"),
        ({"event": "sessionNotification", "reason": "new"}, "an announcement about this session: new"),
        ({"event": "sessionNotification"}, "an announcement about this session"),
        ({"event": "archive", "status": 5, "reason": ["x"]}, "a recording of this session"),
        ({"event": "archive", "status": "x" * 1000}, "a recording of this session: " + "x" * 64),
        (
            {"event": "sessionNotification", "reason": "serverRotation"},
            "this session moves to another media server within 4 hours (serverRotation): "
            "people may drop out then, and come back",
        ),
    ],
)
def test_known_news_is_a_sentence(body: dict[str, Any], words: str) -> None:
    assert words_for(body) == words
    assert kind_of(body) in KNOWN


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "archive",
        {},
        {"event": "connectionCreated", "captionId": "c"},
        {"event": ["archive"], "captionId": "c"},
    ],
)
def test_of_anything_else_nothing_is_said(body: object) -> None:
    assert words_for(body) == ""


def test_a_kind_is_shortened() -> None:
    assert kind_of({"event": "e" * 1000}) == "e" * 64
