"""Vonage and OpenTok, as the suite asks for them. Deliveries are those of the fixtures."""

import json
from typing import Any
from urllib.parse import parse_qsl

from msgspec.structs import replace

from moderator.providers.conformance import Answer, ProviderConformance, Request, Sample, json_answer
from moderator.providers.provider import Target
from moderator.providers.vonage import OpenTokProvider, VonageProvider
from tests.providers.vonage.made import API_KEY, API_SECRET, APPLICATION, SIGNATURE_SECRET, fixture, private_key

SESSION = fixture("webhooks/sequences/in_order.json")[0]["sessionId"]
RECEIVED_AT = 1_795_172_400_000


class _VideoConformance(ProviderConformance):
    """What both environments have in common."""

    signing_secret = "signature_secret"
    target = Target(
        room=SESSION,
        participant="7b3c0f52-8a51-4f0e-9d1b-6f1e2a3b4c5d",
        user="u-17",
        streams=("e2f1d0c9-b8a7-4655-8433-221100ffeedd", "another-stream"),
    )
    another = replace(target, participant="another-connection")
    project = APPLICATION

    def samples(self) -> list[Sample]:
        told = [{**one, "projectId": self.project} for one in fixture("webhooks/sequences/in_order.json")]
        return [Sample(json.dumps(one).encode(), RECEIVED_AT) for one in told]

    def answer(self, request: Request, target: Target) -> Answer:
        if request.method == "GET":
            return json_answer({"count": 1, "items": [_connection(target)]})
        if request.path == "/session/create":
            return json_answer([{"session_id": target.room, "project_id": self.project}])
        return Answer(204) if request.method == "DELETE" else json_answer({})

    def page(self, request: Request, first: Target, second: Target) -> Answer:
        offset = dict(parse_qsl(request.query)).get("offset", "0")
        return json_answer({"count": 2, "items": [_connection(first if offset == "0" else second)]})


def _connection(target: Target) -> dict[str, Any]:
    return {"connectionId": target.participant, "connectionState": "Connected", "createdAt": 1_795_168_800}


class VonageConformance(_VideoConformance):
    provider = VonageProvider
    secrets = ("private_key", "signature_secret")

    def options(self, base_url: str) -> dict[str, Any]:
        return {
            "application_id": APPLICATION,
            "private_key": private_key(),
            "signature_secret": SIGNATURE_SECRET,
            "base_url": base_url,
        }


class OpenTokConformance(_VideoConformance):
    provider = OpenTokProvider
    secrets = ("api_secret", "signature_secret")
    project = API_KEY

    def options(self, base_url: str) -> dict[str, Any]:
        return {
            "api_key": API_KEY,
            "api_secret": API_SECRET,
            "signature_secret": SIGNATURE_SECRET,
            "base_url": base_url,
        }
