from typing import Any

import pytest

from moderator.client.texts import clock_time
from moderator.desktop.window.source_trouble import SourceTrouble, trouble_sentence, troubles
from moderator.domain.rooms import Source
from tests.fakes.desktop import NOW


def a_source(name: str, **changes: Any) -> Source:
    said: dict[str, Any] = {
        "provider": "livekit", "state": "failing", "heard_at": NOW - 5_000, "listed_at": NOW, "clock_offset_ms": 0,
        "detail": "it answers with 503",
    }  # fmt: skip
    return Source(source=name, **said | changes)


def test_who_fails_most_comes_first() -> None:
    sources = [a_source("a"), a_source("b"), a_source("c", state="live"), a_source("d", state="silent")]
    found = troubles({one.source: one for one in sources}, {"b": 1, "c": 1})
    assert found == (
        SourceTrouble("b", "LiveKit", NOW, "it answers with 503", 1),
        SourceTrouble("a", "LiveKit", NOW, "it answers with 503", 0),
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((), ""),
        (
            (SourceTrouble("a", "LiveKit", NOW, "no.", 1),),
            f"LiveKit (a) fails since {clock_time(NOW)}: no. 1 room is affected. It is not your fault: "
            "the gateway goes on asking.",
        ),
        (
            (SourceTrouble("a", "LiveKit", None, "", 0),),
            "LiveKit (a) has never answered: no reason is known. 0 rooms are affected. The gateway goes on asking.",
        ),
        (
            (SourceTrouble("a", "LiveKit", NOW, "no", 3), SourceTrouble("b", "Vonage", NOW, "no", 2)),
            "a, b do not answer; 5 rooms are affected. It is not your fault: the gateway goes on asking.",
        ),
    ],
)
def test_it_is_said_in_a_sentence(found: tuple[SourceTrouble, ...], said: str) -> None:
    assert trouble_sentence(found) == said
