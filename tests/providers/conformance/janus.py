"""Janus, as the suite asks for it. Deliveries are recorded ones; answers are those of a real one's Admin API."""

from typing import Any

from moderator.providers.conformance import Answer, ProviderConformance, Request, Sample, Trouble, json_answer
from moderator.providers.janus import JanusProvider
from moderator.providers.janus.options import credential_key, credential_of
from moderator.providers.provider import Target
from tests.providers.janus.recordings import deliveries

SECRETS = {
    "api_secret": "the-api-secret-of-janus",
    "admin_secret": "the-admin-secret-of-janus",
    "admin_key": "the-admin-key-of-videoroom",
    "room_secret": "the-secret-of-all-rooms",
    "token_secret": "the-secret-of-allow-lists",
    "webhook_password": "the-password-of-webhooks",
}
TOKEN = "the-token-of-the-person"
MISSING = {"kick": 428, "moderate": 428}


def _urls(base_url: str) -> dict[str, Any]:
    return {"base_url": f"{base_url}/janus", "admin_url": f"{base_url}/admin", "webhook_user": "janus", **SECRETS}


class JanusConformance(ProviderConformance):
    provider = JanusProvider
    secrets = tuple(SECRETS)
    signing_secret = "webhook_password"
    signs_bodies = False
    secret_members = ("token", "secret", "apisecret", "admin_secret", "admin_key", "pin", "private_id", "sdp")
    target = Target(
        room="class-101",
        participant="alice",
        user="alice",
        streams=("mid-zero", "mid-one"),
        platform={
            "session": "5550123456",
            "handle": "7770123456",
            "credential": credential_of(
                TOKEN,
                credential_key(JanusProvider.Options(**_urls("http://127.0.0.1:9"))),  # type: ignore[arg-type]
            ),
        },
    )

    def free_part(self, id_: str) -> str:
        return "" if id_ == self.target.platform["credential"] else id_

    def options(self, base_url: str) -> dict[str, Any]:
        return _urls(base_url)

    def samples(self) -> list[Sample]:
        told = deliveries("01_three_participants")
        return [Sample(one.body, one.received_at, one.headers) for one in told]

    def answer(self, request: Request, target: Target) -> Answer:
        if request.path == "/janus/info":
            return json_answer({"janus": "server_info"})
        asked = request.json()
        if asked.get("janus") == "message_plugin":
            return _in_room(asked["request"], target)
        core: dict[str, object] = {"sessions": [1], "handles": [2], "data": {"id": 3}, "info": {}}
        if asked["janus"] == "info":
            core = {"event_handlers": True, "events": {"janus.eventhandler.sampleevh": {}}}
        return json_answer({"janus": "success", **core})

    def trouble(self, kind: Trouble, request: Request, target: Target) -> Answer | None:
        """Janus answers 200 to everything, and has no word for a limit or for trouble of its own."""
        if kind in {"limited", "broken"} or request.path.startswith("/janus"):
            return super().trouble(kind, request, target)
        asked = request.json()
        if asked["janus"] == "message_plugin":
            name = asked["request"]["request"]
            codes = {"gone": MISSING.get(name, 426), "forbidden": 433, "wrong": 430}
            return None if kind == "gone" and name == "list" else _plugin({"error_code": codes[kind]})
        if kind == "gone" and request.path == "/admin":
            return None
        codes = {"gone": 458, "forbidden": 403, "wrong": 456}
        return json_answer({"janus": "error", "error": {"code": codes[kind]}})


def _in_room(asked: dict[str, Any], target: Target) -> Answer:
    match asked["request"]:
        case "list":
            return _plugin({"list": [{"room": target.room, "description": "Consultation", "num_participants": 1}]})
        case "listparticipants":
            return _plugin({"participants": [{"id": target.participant, "display": "Person"}]})
        case "create":
            return _plugin({"room": asked["room"]})
        case _:
            return _plugin({"allowed": [TOKEN]})


def _plugin(response: dict[str, Any]) -> Answer:
    return json_answer({"janus": "success", "response": {"videoroom": "success", **response}})
