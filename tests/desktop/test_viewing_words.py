"""Who else looks at a room, in words."""

import pytest
from msgspec.structs import replace

from moderator.desktop.viewing_words import acknowledged_words, looking_words, others_looking
from moderator.domain.rooms import Viewer, Warning
from moderator.domain.viewing import BELIEVED_MS
from tests.fakes.desktop import NOW, a_room, a_warning

ANA, ME, MAX, NAMELESS = (
    Viewer("ana", "Ana\n", NOW),
    Viewer("me", "Maya", NOW),
    Viewer("max", "Max", NOW),
    Viewer("m-7", "", NOW),
)
GONE = Viewer("zoe", "Zoë", NOW - BELIEVED_MS)


@pytest.mark.parametrize(
    ("viewers", "words"),
    [
        ((), ""),
        ((ME,), ""),
        ((GONE,), ""),
        ((ANA, ME), "Ana\ufffd is looking at this room too."),
        ((NAMELESS,), "m-7 is looking at this room too."),
        ((MAX, ANA), "Max and Ana\ufffd are looking at this room too."),
        ((MAX, ANA, GONE, NAMELESS), "Max and 2 others are looking at this room too."),
    ],
)
def test_who_is_looking_too(viewers: tuple[Viewer, ...], words: str) -> None:
    assert looking_words(replace(a_room(), viewers=viewers), NOW, "me") == words


def test_their_names() -> None:
    assert others_looking(replace(a_room(), viewers=(MAX, ME, GONE)), NOW, "me") == ("Max",)


@pytest.mark.parametrize(
    ("warnings", "words"),
    [
        ((), ""),
        ((a_warning(300),), ""),
        ((a_warning(300, by="ana"),), "ana has acknowledged the warning."),
        ((replace(a_warning(300, by="ana"), acknowledged_by_name="Ana"),), "Ana has acknowledged the warning."),
        ((a_warning(300, by="me"),), "You have acknowledged the warning."),
        ((a_warning(300, by="ana"), a_warning(60)), ""),
        ((a_warning(300, by="ana", version=7),), ""),
    ],
)
def test_who_has_acknowledged_the_warning(warnings: tuple[Warning, ...], words: str) -> None:
    assert acknowledged_words(a_room(warnings=warnings), "me") == words
