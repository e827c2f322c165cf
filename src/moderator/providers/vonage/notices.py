"""What the other callbacks and the announcements say, in words: known events without a fact about who is where. Pure.

They are kept for people, in the timeline of their room; nothing is decided by them. A body may lack the name of its
event: then what only this kind has tells which it is.
"""

from typing import Any, Final

MAX_WORD: Final = 64
KNOWN: Final = {
    "archive": "a recording of this session",
    "broadcast": "a broadcast of this session",
    "captions": "the captions of this session",
    "render": "a composed picture in this session",
    "callUpdated": "a phone call in this session",
    "muteForced": "somebody on the phone was muted by force",
    "sessionNotification": "an announcement about this session",
}
ANNOUNCED: Final = {
    "serverRotation": (
        "this session moves to another media server within 4 hours (serverRotation): "
        "people may drop out then, and come back"
    ),
}
"""Reasons of a `sessionNotification`. Of this one the platform speaks 4 hours before, and again 1 hour before."""
NAMELESS: Final = {"captionId": "captions", "outputMode": "archive"}
_DETAILS: Final = ("status", "state", "reason")


def kind_of(decoded: Any) -> str:
    """The name of the event, shortened; empty when there is none to be found."""
    if not isinstance(decoded, dict):
        return ""
    event = decoded.get("event")
    if isinstance(event, str):
        return event[:MAX_WORD]
    return next((kind for member, kind in NAMELESS.items() if event is None and member in decoded), "")


def words_for(decoded: Any) -> str:
    """What it says, as a sentence; empty for an event that has facts, or that nobody knows."""
    kind = kind_of(decoded)
    if kind not in KNOWN:
        return ""
    details = [_word(decoded, member) for member in _DETAILS]
    if kind == "sessionNotification" and (announced := ANNOUNCED.get(_word(decoded, "reason"))):
        return announced
    return f"{KNOWN[kind]}: {', '.join(filter(None, details))}".removesuffix(": ")


def _word(decoded: dict[str, Any], member: str) -> str:
    value = decoded.get(member)
    return value[:MAX_WORD] if isinstance(value, str) else ""
