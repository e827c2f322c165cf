"""LiveKit, as the suite asks for it. Deliveries were recorded; answers have the shapes of a real server's."""

import json
from pathlib import Path
from typing import Any

from moderator.providers.conformance import Answer, ProviderConformance, Request, Sample, Trouble, json_answer
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.provider import Target

DATA = Path(__file__).parents[2] / "data" / "livekit"
RECORDED_AT = 1_795_256_900_000
FIXTURES_AT = 1_789_990_020_000
TROUBLES: dict[Trouble, tuple[int, str]] = {
    "gone": (404, "not_found"),
    "forbidden": (401, "unauthenticated"),
    "wrong": (400, "invalid_argument"),
    "limited": (429, "resource_exhausted"),
    "broken": (503, "unavailable"),
}


class LiveKitConformance(ProviderConformance):
    provider = LiveKitProvider
    secrets = ("api_secret",)
    signing_secret = "api_secret"
    believed_for_s = 300 + 60
    secret_members = ("token", "secret", "password", "turnPassword", "turn_password", "streamKey", "sdp")
    target = Target(
        room="appointment-7f3a",
        participant="PA_fixture41",
        user="guest-41",
        platform={"identity": "guest-41"},
        streams=("TR_microphone", "TR_VSfixture41"),
    )

    def options(self, base_url: str) -> dict[str, Any]:
        return {
            "api_key": "APIfixture01",
            "api_secret": "fixture-secret-not-real-fixture-secret",
            "base_url": base_url.replace("http", "ws"),
        }

    def samples(self) -> list[Sample]:
        recorded = (DATA / "recorded.jsonl").read_bytes().splitlines()
        signed = [path.with_suffix("") for path in sorted((DATA / "webhooks").glob("*.headers.json"))]
        return [
            *(Sample(body, RECORDED_AT) for body in recorded),
            Sample(_of_another((DATA / "webhooks" / "participant_joined.json").read_bytes()), FIXTURES_AT),
            *(_signed(path.with_suffix(".json"), path.with_suffix(".headers.json")) for path in signed),
        ]

    def answer(self, request: Request, target: Target) -> Answer:
        match request.path.rpartition("/")[2]:
            case "ListRooms":
                return json_answer({"rooms": [{"sid": "RM_1", "name": target.room, "num_participants": 1}]})
            case "ListParticipants":
                return json_answer({"participants": [_participant(target)]})
            case "GetParticipant":
                return json_answer(_participant(target))
            case "MutePublishedTrack":
                return json_answer({"track": {"sid": target.streams[0], "muted": True}})
            case _:
                return json_answer({})

    def trouble(self, kind: Trouble, request: Request, target: Target) -> Answer | None:
        """A list of rooms is never gone."""
        if kind == "gone" and request.path.endswith("/ListRooms"):
            return None
        status, code = TROUBLES[kind]
        return json_answer({"code": code, "msg": code}, status, {"retry-after": "7"} if kind == "limited" else {})


def _of_another(body: bytes) -> bytes:
    """The same of a second person in the room: nowhere in the recordings are two there at once."""
    return body.replace(b"fixture41", b"fixture52").replace(b"guest-41", b"guest-52")


def _signed(body: Path, headers: Path) -> Sample:
    found = json.loads(headers.read_text("utf-8"))
    return Sample(body.read_bytes(), FIXTURES_AT, {name.lower(): value for name, value in found.items()}, recorded=True)


def _participant(target: Target) -> dict[str, Any]:
    microphone, screen = target.streams if len(target.streams) > 1 else ("TR_microphone", *target.streams)
    return {
        "sid": target.participant,
        "identity": target.platform["identity"],
        "state": "ACTIVE",
        "joined_at_ms": "1799998000000",
        "tracks": [
            {"sid": microphone, "type": "AUDIO", "source": "MICROPHONE"},
            {"sid": screen, "type": "VIDEO", "source": "SCREEN_SHARE"},
        ],
        "permission": {"can_subscribe": True, "can_publish": True, "can_publish_sources": []},
    }
