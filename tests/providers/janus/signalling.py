"""A participant without media, for tests against a real Janus: joining a room takes no WebRTC."""

from typing import Any

import msgspec

from moderator.http import HttpClient
from tests.end_to_end.janus_server import JanusServer


class Participant:
    """One client of the Janus API over HTTP. `joined` is what Janus answered to the join, an error included."""

    def __init__(self, server: JanusServer, http: HttpClient) -> None:
        self._server = server
        self._http = http
        self.session = 0
        self.handle = 0
        self.joined: dict[str, Any] = {}

    async def join(self, room: str | int, user: str | int, token: str | None = None) -> "Participant":
        self.session = (await self._post("", janus="create"))["data"]["id"]
        attached = await self._post(f"/{self.session}", janus="attach", plugin="janus.plugin.videoroom")
        self.handle = attached["data"]["id"]
        body: dict[str, Any] = {
            "request": "join",
            "ptype": "publisher",
            "room": room,
            "id": user,
            "display": f"Is {user}",
        }
        if token is not None:
            body["token"] = token
        await self._post(f"/{self.session}/{self.handle}", janus="message", body=body)
        self.joined = (await self.event())["plugindata"]["data"]
        return self

    @property
    def platform(self) -> dict[str, str]:
        return {"session": str(self.session), "handle": str(self.handle)}

    async def event(self) -> dict[str, Any]:
        """The next thing that Janus tells this client; an answer of the core when the session is gone."""
        path = f"{self._server.base_url}/{self.session}?apisecret={self._server.api_secret}"
        return _decoded((await self._http.request("GET", path)).body)

    async def is_connected(self) -> bool:
        """Whether Janus still knows this client's session."""
        answer = await self._post(f"/{self.session}", janus="keepalive")
        return bool(answer["janus"] == "ack")

    async def _post(self, path: str, **request: Any) -> dict[str, Any]:
        content = msgspec.json.encode({**request, "transaction": "t", "apisecret": self._server.api_secret})
        return _decoded((await self._http.request("POST", self._server.base_url + path, body=content)).body)


def _decoded(body: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = msgspec.json.decode(body)
    return answer
