import pytest
from msgspec.structs import replace

from moderator.desktop.welcome.arrival import arrival
from moderator.desktop.welcome.platforms import PLATFORMS
from moderator.domain.rooms import Source
from tests.fakes.desktop import a_room

LIVEKIT, VONAGE = PLATFORMS[0], PLATFORMS[1]
SILENT = Source(
    source="exams", provider="livekit", state="polling", heard_at=None, listed_at=None, clock_offset_ms=0, detail=None
)
ROOM = replace(a_room("exam-7"), source="exams", name="exam-7")
ELSEWHERE = replace(a_room("visit"), source="clinic")


@pytest.mark.parametrize(
    ("source", "rooms", "stage", "said"),
    [
        (None, [ELSEWHERE], "starting", "starting again"),
        (SILENT, [], "waiting", "Waiting for the first event from LiveKit"),
        (replace(SILENT, listed_at=1), [ELSEWHERE], "listed", "no room is open"),
        (replace(SILENT, listed_at=1), [ROOM], "listed", "1 room is open"),
        (replace(SILENT, state="failing", detail="nobody answers"), [], "failing", "nobody answers"),
        (replace(SILENT, heard_at=1), [ROOM, ELSEWHERE], "heard", "First event from LiveKit: room exam-7"),
        (replace(SILENT, heard_at=1), [], "heard", "First event from LiveKit."),
    ],
)
def test_how_far_it_is(source: Source | None, rooms: list[object], stage: str, said: str) -> None:
    sources = {"exams": source} if source else {}
    found = arrival("exams", LIVEKIT, sources, rooms)  # type: ignore[arg-type]
    assert (found.stage, said in found.sentence) == (stage, True)


def test_a_platform_without_a_list_is_only_heard() -> None:
    assert arrival("exams", VONAGE, {"exams": replace(SILENT, listed_at=1)}, []).stage == "waiting"
