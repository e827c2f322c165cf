"""Stream, as the suite asks for it. Deliveries are the signed ones of the fixtures."""

import json
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from moderator.providers.conformance import Answer, ProviderConformance, Request, Sample, Trouble, json_answer
from moderator.providers.provider import Target
from moderator.providers.stream import StreamProvider
from tests.providers.stream.made import text

WEBHOOKS = Path(__file__).parents[2] / "data" / "stream" / "webhooks"
RECEIVED_AT = 1_789_990_000_000
STARTED_AT = 1_799_996_400_000
TROUBLES: dict[Trouble, tuple[int, int]] = {
    "gone": (404, 16),
    "forbidden": (401, 43),
    "wrong": (400, 4),
    "limited": (429, 9),
    "broken": (500, -1),
}


class StreamConformance(ProviderConformance):
    provider = StreamProvider
    secrets = ("api_secret",)
    signing_secret = "api_secret"
    secret_members = ("token", "secret", "password", "api_secret", "stream_key")
    target = Target(
        room="appointment:room-7f3a",
        instance="b8a44039-41f3-4570-a438-0000fixture1",
        participant="6245918f-0000-4d4f-b3f8-0000fixture2",
        user="guest-42",
        streams=("6245918f-0000-4d4f-b3f8-0000fixture2/audio", "6245918f-0000-4d4f-b3f8-0000fixture2/screenshare"),
    )

    another = replace(target, room="appointment:room-81c0", instance="another-session", participant="another-device")

    def options(self, base_url: str) -> dict[str, Any]:
        return {"api_key": "fixturekey01", "api_secret": "fixture-secret-not-real-fixture-secret", "base_url": base_url}

    def free_part(self, id_: str) -> str:
        """Calls have a type before a colon; streams say what they are, and are not sent."""
        return "" if "/" in id_ else id_.partition(":")[2] or id_

    def samples(self) -> list[Sample]:
        return [_signed(path) for path in sorted(WEBHOOKS.glob("*.headers.json"))]

    def answer(self, request: Request, target: Target) -> Answer:
        if request.path.endswith("/video/calls"):
            return json_answer({"calls": [self._call(target)], "next": None})
        if request.path.endswith("/participants"):
            return json_answer({"participants": [_participant(target)], "total_participants": 1})
        if request.path.endswith("/app"):
            return json_answer({"app": {"name": "clinic"}})
        if request.method == "PATCH":
            limit_s = request.json()["settings_override"]["limits"]["max_duration_seconds"]
            self.timer.move(STARTED_AT + limit_s * 1000)
        return json_answer(self._call(target) if request.method == "GET" else {"duration": "1ms"})

    def page(self, request: Request, first: Target, second: Target) -> Answer:
        if not request.path.endswith("/video/calls"):
            return self.answer(request, first)
        if request.json().get("next"):
            return json_answer({"calls": [self._call(second)], "next": None})
        return json_answer({"calls": [self._call(first)], "next": "the-second-page"})

    def _call(self, target: Target) -> dict[str, Any]:
        """A limit of 0 is none."""
        ends_at = self.timer.ends_at
        session = {
            "id": target.instance,
            "started_at": text(STARTED_AT),
            "timer_ends_at": None if ends_at is None else text(ends_at),
            "participants": [_participant(target)],
            "participants_count_by_role": {"user": 1},
            "anonymous_participant_count": 0,
        }
        limits = {"limits": {"max_duration_seconds": 0 if ends_at is None else (ends_at - STARTED_AT) // 1000}}
        call = {"cid": target.room, "session": session, "settings": limits, "custom": {}}
        return {"call": call, "own_capabilities": ["join-call"]}

    def trouble(self, kind: Trouble, request: Request, target: Target) -> Answer | None:
        """A list of calls is never gone."""
        if kind == "gone" and request.path.endswith("/video/calls"):
            return None
        status, code = TROUBLES[kind]
        body = {"code": code, "message": "no", "StatusCode": status}
        return json_answer(body, status, {"retry-after": "7"} if kind == "limited" else {})


def _signed(path: Path) -> Sample:
    headers = {name.lower(): value for name, value in json.loads(path.read_text("utf-8")).items()}
    body = path.with_name(path.name.replace(".headers.json", ".json")).read_bytes()
    return Sample(body, RECEIVED_AT, headers, recorded=True)


def _participant(target: Target) -> dict[str, Any]:
    user = {"id": target.user, "name": "Guest"}
    return {"user": user, "user_session_id": target.participant, "role": "user", "joined_at": "2027-01-15T07:00:10Z"}
