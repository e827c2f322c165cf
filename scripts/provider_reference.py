"""Writes `docs/providers.md`: what each platform can do, who does it, and what has proved it, out of the code."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from moderator.domain.settings import Capability
from moderator.providers.janus import JanusProvider
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.provider import ACTIONS
from moderator.providers.stream import StreamProvider
from moderator.providers.vonage import OpenTokProvider, VonageProvider

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "providers.md"
MEANINGS: Final = {
    "extend": "more time, or less",
    "disconnect": "disconnect somebody",
    "block": "keep somebody out",
    "readmit": "let somebody in again",
    "mute": "mute once",
    "revoke": "take the microphone away, and give it back",
    "stop_stream": "stop a screen or a camera",
    "end": "end the room",
    "message": "write to everybody in the room",
    "tell": "write to one participant",
    "join": "make rooms, and let people in",
    "list": "ask who is where",
}
INTRODUCTION: Final = """# What each platform can do

Written by `scripts/provider_reference.py` from the code; do not edit it by hand. Each cell says who does it, *platform*
or *gateway* in its place, and what proved it:

* **server**: a real server of that platform, with real participants, in this project's tests;
* **SDK**: the platform's official client sends the same requests to a recorder, by method, path, query, headers, body
  and claims of the token; where ours differs, the test names the difference and its reason;
* **docs**: the platform's documentation only, and a simulated cloud that was made after it.

What a platform cannot do is disabled in the window, with the reason, and refused by the gateway."""
SIGNATURES: Final = """## Webhooks

| | signed with | proved by |
|---|---|---|
| Vonage, OpenTok | JWT, HS256, with a hash of the body (OpenTok: where the project has a signature secret) | SDK |
| Stream | HMAC-SHA256 of the uncompressed body | SDK |
| LiveKit | JWT, HS256, with a hash of the body | server, SDK |
| Janus | nothing: basic authentication | server |

SDK: the platform's own verifier accepts what the simulated cloud and our replays sign, and refuses what was changed, as
we do (`tests/official_sdks/test_webhooks.py`)."""


class Proof(Struct, frozen=True):
    """A mark, and the test behind it: a file, and the name of a test or of a case in it."""

    mark: str
    file: str
    name: str


def _server(file: str, name: str) -> Proof:
    return Proof("server", f"tests/end_to_end/{file}", name)


def _sdk(platform: str, name: str) -> Proof:
    return Proof("SDK", f"tests/official_sdks/test_{platform}.py", name)


def _docs(name: str, file: str = "tests/gateway/commands/test_ending.py") -> Proof:
    return Proof("docs", file, name)


_JANUS: Final = {
    "extend": [_server("test_spine.py", "test_a_deadline_warns_is_extended_and_expires")],
    "disconnect": [_server("test_spine.py", "test_a_disconnected_participant_receives_no_more_media_and_is_kept_out")],
    "block": [_server("test_spine.py", "test_a_token_that_was_taken_away_opens_no_door")],
    "readmit": [_server("test_spine.py", "test_a_disconnected_participant_receives_no_more_media_and_is_kept_out")],
    "mute": [_server("test_spine.py", "test_a_moderator_mutes_stops_a_screen_and_ends_the_room")],
    "stop_stream": [_server("test_spine.py", "test_a_moderator_mutes_stops_a_screen_and_ends_the_room")],
    "end": [_server("test_spine.py", "test_a_moderator_mutes_stops_a_screen_and_ends_the_room")],
    "join": [_server("test_joining.py", "test_a_room_of_janus_opens_for_a_token_and_for_nobody_else")],
    "list": [_server("test_spine.py", "test_the_picture_is_right_after_the_gateway_was_away")],
}
_VONAGE: Final = {
    "extend": [_docs("test_an_extension_is_answered_with_the_new_deadline", "tests/gateway/orders/test_extending.py")],
    "disconnect": [_sdk("vonage", '"disconnect"')],
    "block": [_docs("test_a_blocked_person_who_comes_back_is_disconnected_again", "tests/domain/test_removals.py")],
    "readmit": [_docs("test_a_disconnect_of_a_blocked_person_falls_with_the_block", "tests/domain/test_wanted.py")],
    "mute": [_sdk("vonage", '"mute"')],
    "end": [_docs("test_sixty_people_leave_a_cloud_with_a_rate_limit")],
    "message": [_sdk("vonage", '"message"')],
    "tell": [_sdk("vonage", '"tell"')],
    "join": [_sdk("joining", "test_an_application_s_token_is_that_of_the_official_client")],
    "list": [_docs("test_good_credentials", "tests/end_to_end/test_check.py")],
}
_STREAM: Final = {
    "extend": [_sdk("stream", '"extend"')],
    "disconnect": [_sdk("stream", '"disconnect"')],
    "block": [_sdk("stream", '"disconnect, with block"')],
    "readmit": [_sdk("stream", '"readmit"')],
    "mute": [_sdk("stream", '"mute"')],
    "revoke": [_sdk("stream", '"revoke"')],
    "stop_stream": [_sdk("stream", '"stop a screen"')],
    "end": [_sdk("stream", '"end"')],
    "message": [_sdk("stream", '"message"')],
    "join": [_sdk("joining", "test_a_call_s_token_is_that_of_the_official_client")],
    "list": [_sdk("stream", '"list a large call"')],
}
_SILENCES: Final = "test_a_moderator_silences_somebody_stops_a_screen_and_writes_to_everybody"
_GUARDED: Final = "test_a_removed_participant_may_come_back_and_a_blocked_one_is_removed_again"
_AT_THE_END: Final = "test_a_room_ends_at_its_deadline_and_a_death_elsewhere_is_noticed"
_LIVEKIT: Final = {
    "extend": [_docs("test_an_extension_is_answered_with_the_new_deadline", "tests/gateway/orders/test_extending.py")],
    "disconnect": [_server("test_livekit.py", _GUARDED), _sdk("livekit", '"disconnect"')],
    "block": [_server("test_livekit.py", _GUARDED), _sdk("livekit", '"disconnect, with block"')],
    "readmit": [_server("test_livekit.py", _GUARDED)],
    "mute": [_server("test_livekit.py", _SILENCES), _sdk("livekit", '"mute"')],
    "revoke": [_server("test_livekit.py", _SILENCES), _sdk("livekit", '"revoke"')],
    "stop_stream": [_server("test_livekit.py", _SILENCES), _sdk("livekit", '"stop a screen"')],
    "end": [_server("test_livekit.py", _AT_THE_END), _sdk("livekit", '"end"')],
    "message": [_server("test_livekit.py", _SILENCES), _sdk("livekit", '"message"')],
    "tell": [_sdk("livekit", '"tell"')],
    "join": [_server("test_joining.py", "test_a_student_joins_livekit_and_cannot_share_a_screen")],
    "list": [
        _server("test_livekit.py", "test_the_picture_is_right_after_webhooks_were_lost"),
        _sdk("livekit", '"list"'),
    ],
}


class Platform(Struct, frozen=True):
    """One column."""

    title: str
    page: str
    capabilities: Mapping[str, Capability]
    proofs: Mapping[str, list[Proof]]


PLATFORMS: Final = {
    "vonage": Platform("Vonage Video", "vonage.md", VonageProvider.capabilities, _VONAGE),
    "opentok": Platform("OpenTok", "vonage.md", OpenTokProvider.capabilities, _VONAGE),
    "stream": Platform("Stream", "stream.md", StreamProvider.capabilities, _STREAM),
    "livekit": Platform("LiveKit", "livekit.md", LiveKitProvider.capabilities, _LIVEKIT),
    "janus": Platform("Janus", "janus.md", JanusProvider.capabilities, _JANUS),
}


def page() -> str:
    """The whole document."""
    head = ["", *(f"[{one.title}]({one.page})" for one in PLATFORMS.values())]
    rows = [[MEANINGS[action], *(_cell(one, action) for one in PLATFORMS.values())] for action in ACTIONS]
    table = [_row(head), "|---" * len(head) + "|", *map(_row, rows)]
    return "\n\n".join([INTRODUCTION, "\n".join(table), _reasons(), SIGNATURES]) + "\n"


def _cell(platform: Platform, action: str) -> str:
    capability = platform.capabilities[action]
    if capability.by is None:
        return "no"
    who = "platform" if capability.by == "provider" else "gateway"
    return f"{who}: {', '.join(proof.mark for proof in platform.proofs[action])}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _reasons() -> str:
    """What is said where something is not possible, or not the usual."""
    told = [
        f"* {platform.title}, {MEANINGS[action]}: {platform.capabilities[action].why}"
        for platform in PLATFORMS.values()
        for action in ACTIONS
        if platform.capabilities[action].why
    ]
    return "\n".join(["## What is different", "", *told])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
