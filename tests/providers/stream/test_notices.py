from typing import Any

import pytest

from moderator.providers.stream.notices import kind_of, words_for
from tests.providers.stream.made import event, fixture

BOB: dict[str, Any] = {"id": "bob", "name": "Bob"}
SERVER = "a server (ours, or the application's)"
NAMELESS: dict[str, Any] = {"id": "bob", "name": None}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (fixture("webhooks/call.user_muted.json"), "mod-1 muted guest-42"),
        (event("call.user_muted", from_user_id=None, muted_user_ids=None), f"{SERVER} muted somebody"),
        (
            event("call.user_muted", from_user_id="m", muted_user_ids=[*"abcdefg", 5]),
            "m muted a, b, c, d, e and 2 more",
        ),
        (fixture("webhooks/call.blocked_user.json"), "Moderator One blocked Guest Forty-Two in this call"),
        (event("call.blocked_user", user=NAMELESS, blocked_by_user=None), f"{SERVER} blocked bob in this call"),
        (event("call.unblocked_user", user=BOB), "Bob is not blocked in this call any more"),
        (event("call.kicked_user", user=BOB, kicked_by_user=None), f"{SERVER} removed Bob from this call"),
        (event("call.kicked_user", user="bob", kicked_by_user=5), f"{SERVER} removed somebody from this call"),
        (
            event("call.permissions_updated", user=BOB, own_capabilities=["join-call", "send-video"]),
            "the rights of Bob changed, who may: join-call, send-video",
        ),
        (event("call.permissions_updated"), "the rights of somebody changed, who may: nothing"),
        (
            event("call.permission_request", user=BOB, permissions=["screenshare"]),
            "Bob asks for the right to: screenshare",
        ),
        (event("call.moderation_warning", user_id="bob"), "the platform's moderation warned bob"),
        (event("call.moderation_blur"), "the platform's moderation blurred the picture of somebody"),
        (event("call.recording_started"), "a recording of this call: started"),
        (event("call.hls_broadcasting_failed"), "a broadcast of this call: failed"),
    ],
)
def test_known_news_is_a_sentence(body: dict[str, Any], words: str) -> None:
    assert words_for(body) == words


@pytest.mark.parametrize("body", [None, [], "call.user_muted", {}, {"type": ["call.user_muted"]}, event("call.ended")])
def test_of_anything_else_nothing_is_said(body: object) -> None:
    assert words_for(body) == ""


def test_what_is_too_long_is_shortened() -> None:
    assert kind_of({"type": "e" * 1000}) == "e" * 64
    assert words_for(event("call.moderation_warning", user_id="u" * 1000)).endswith(f" {'u' * 64}")
