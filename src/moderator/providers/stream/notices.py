"""What events say in words that tell nothing of who is where. Pure.

They are kept for people, in the timeline of their room; nothing is decided by them.
"""

from collections.abc import Callable
from typing import Any, Final

MAX_WORD: Final = 64
MAX_NAMED: Final = 5
"""How many people, or rights, a sentence names at most."""
_A_SERVER: Final = "a server (ours, or the application's)"
"""Who does what no user is named for: our own orders come back like this too."""


def kind_of(decoded: Any) -> str:
    """The name of the event, shortened; empty when there is none."""
    return _text(decoded, "type")


def words_for(decoded: Any) -> str:
    """What it says, as a sentence; empty for an event that has facts, or that nobody knows."""
    kind = kind_of(decoded)
    if (sentence := _SENTENCES.get(kind)) is not None:
        return sentence(decoded)
    return next((f"{words}: {kind[len(prefix) :]}" for prefix, words in _NEWS.items() if kind.startswith(prefix)), "")


def _muted(body: dict[str, Any]) -> str:
    return f"{_text(body, 'from_user_id') or _A_SERVER} muted {_listed(body, 'muted_user_ids') or 'somebody'}"


def _blocked(body: dict[str, Any]) -> str:
    return f"{_person(body, 'blocked_by_user') or _A_SERVER} blocked {_somebody(body)} in this call"


def _unblocked(body: dict[str, Any]) -> str:
    return f"{_somebody(body)} is not blocked in this call any more"


def _kicked(body: dict[str, Any]) -> str:
    return f"{_person(body, 'kicked_by_user') or _A_SERVER} removed {_somebody(body)} from this call"


def _permitted(body: dict[str, Any]) -> str:
    return f"the rights of {_somebody(body)} changed, who may: {_listed(body, 'own_capabilities') or 'nothing'}"


def _asked(body: dict[str, Any]) -> str:
    return f"{_somebody(body)} asks for the right to: {_listed(body, 'permissions') or 'nothing named'}"


def _warned(body: dict[str, Any]) -> str:
    return f"the platform's moderation warned {_text(body, 'user_id') or 'somebody'}"


def _blurred(body: dict[str, Any]) -> str:
    return f"the platform's moderation blurred the picture of {_text(body, 'user_id') or 'somebody'}"


_SENTENCES: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "call.user_muted": _muted,
    "call.blocked_user": _blocked,
    "call.unblocked_user": _unblocked,
    "call.kicked_user": _kicked,
    "call.permissions_updated": _permitted,
    "call.permission_request": _asked,
    "call.moderation_warning": _warned,
    "call.moderation_blur": _blurred,
}
_NEWS: Final = {
    "call.recording_": "a recording of this call",
    "call.frame_recording_": "pictures out of this call",
    "call.hls_broadcasting_": "a broadcast of this call",
    "call.rtmp_broadcast_": "a broadcast of this call",
    "call.transcription_": "a transcription of this call",
    "call.closed_captions_": "the captions of this call",
}
"""By how the name of the event begins; its rest is told as it is."""


def _somebody(body: dict[str, Any]) -> str:
    return _person(body, "user") or "somebody"


def _person(body: dict[str, Any], member: str) -> str:
    user = body.get(member)
    return (_text(user, "name") or _text(user, "id")) if isinstance(user, dict) else ""


def _listed(body: dict[str, Any], member: str) -> str:
    found = body.get(member)
    words = [one[:MAX_WORD] for one in found if isinstance(one, str)] if isinstance(found, list) else []
    more = f" and {len(words) - MAX_NAMED} more" if len(words) > MAX_NAMED else ""
    return ", ".join(words[:MAX_NAMED]) + more


def _text(body: Any, member: str) -> str:
    value = body.get(member) if isinstance(body, dict) else None
    return value[:MAX_WORD] if isinstance(value, str) else ""
