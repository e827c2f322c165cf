"""Whether a Janus is set up for moderation, and what to change where it is not. Changes nothing itself.

It does open and close a session, and makes Janus report an event, so that a gateway that listens hears of it.
"""

from typing import Final

import msgspec
from msgspec import Struct

from moderator.http import HttpClient, HttpError, Reply
from moderator.providers.addresses import remedy_for
from moderator.providers.errors import Forbidden, Gone, ProviderError
from moderator.providers.janus.admin_api import AdminApi
from moderator.providers.janus.client import Client, RoomInfo
from moderator.providers.janus.options import Options
from moderator.providers.provider import Finding

NAMED: Final = 5
"""How many rooms a finding names, or asks, at most."""
WRONG_KEY: Final = "a check: this wrong key has to be refused"
HANDLER: Final = "janus.eventhandler.sampleevh"
TEST_EVENT: Final = {"janus": "custom_event", "schema": "moderator.check", "data": {}}
NO_API: Final = Finding(False, "What answers at base_url is not a Janus API.", "Its path is usually /janus.")
HANDLER_CONFIG: Final = """\
Set `broadcast = true` in `events` of janus.jcfg, and in janus.eventhandler.sampleevh.jcfg:
general: {{
    enabled = true
    events = "sessions,handles,plugins,media,webrtc,core,external"
    grouping = true
    backend = "{url}"
    backend_user = "{user}"
    backend_pwd = "..."  # webhook_password of this source
    max_retransmissions = 10  # the default gives up after 3 seconds
}}"""


class _Sessions(Struct):
    sessions: tuple[int, ...]


class _Info(Struct):
    event_handlers: bool = False
    events: dict[str, object] = {}


class _Created(Struct):
    id: int


class _ApiReply(Struct):
    """Of the Janus API: all that matters of it here."""

    janus: str = ""
    data: _Created | None = None


class _Nothing(Struct):
    pass


class Checks:
    """Looks at one Janus. A finding for each thing looked at, never an exception."""

    def __init__(self, options: Options, api: AdminApi, client: Client, http: HttpClient) -> None:
        self._options = options
        self._api = api
        self._client = client
        self._http = http

    async def all(self, webhook_url: str) -> list[Finding]:
        """Stops at the Admin API when that does not work: nothing else could."""
        findings = [await self._janus_api(), await self._admin_api()]
        if findings[-1].ok:
            findings += [await self._events(webhook_url), *await self._videoroom()]
        return findings

    async def _janus_api(self) -> Finding:
        """Asks for what anybody may ask, then for a session, which takes api_secret."""
        url = self._options.base_url.rstrip("/")
        try:
            reply = await self._http.request("GET", f"{url}/info")
            if reply.status != 200 or b"server_info" not in reply.body:
                return NO_API
            created = _decoded(await self._ask(url, "create"))
            if created.data is None:
                remedy = (
                    "Compare it with api_secret in janus.jcfg. Is base_url that of the Janus API, not the Admin API?"
                )
                return Finding(False, "Janus refuses api_secret.", remedy)
            await self._ask(f"{url}/{created.data.id}", "destroy")
        except HttpError as error:
            return Finding(False, f"The Janus API: {error}.", "Is Janus running, and base_url right?")
        return Finding(True, "The Janus API answers, and opens a session.")

    async def _ask(self, url: str, request: str) -> Reply:
        body = {"janus": request, "transaction": "moderator", "apisecret": self._options.api_secret}
        headers = {"content-type": "application/json"}
        return await self._http.request("POST", url, headers=headers, body=msgspec.json.encode(body))

    async def _admin_api(self) -> Finding:
        try:
            await self._api.ask({"janus": "list_sessions"}, _Sessions)
        except ProviderError as error:
            return Finding(
                False, "The Admin API cannot be used.", remedy_for(error, "Is Janus running, and admin_url right?")
            )
        return Finding(True, "The Admin API answers, and admin_secret is right.")

    async def _events(self, webhook_url: str) -> Finding:
        remedy = HANDLER_CONFIG.format(url=webhook_url, user=self._options.webhook_user)
        try:
            info = await self._api.ask({"janus": "info"}, _Info)
        except ProviderError as error:
            return Finding(False, "Janus does not say which event handlers it has.", str(error), webhooks=True)
        if not (info.event_handlers and HANDLER in info.events):
            return Finding(False, "Janus does not report events over HTTP.", remedy, webhooks=True)
        try:
            await self._api.ask(TEST_EVENT, _Nothing)
        except ProviderError as error:
            return Finding(False, "Janus cannot be made to report an event.", str(error), webhooks=True)
        what = "Janus reports events over HTTP. It does not say where to: `moderator rooms` shows when none arrive."
        return Finding(True, what, reported=True, webhooks=True)

    async def _videoroom(self) -> list[Finding]:
        try:
            rooms = await self._client.rooms()
        except ProviderError as error:
            return [Finding(False, "VideoRoom's rooms cannot be listed.", str(error))]
        findings = [await self._admin_key(), Finding(True, f"VideoRoom lists its rooms ({len(rooms)} now).")]
        return [*findings, await self._room_secret(rooms), _private_ids(rooms)] if rooms else findings

    async def _admin_key(self) -> Finding:
        """Ours was accepted. A wrong one must be refused: where VideoRoom has none, private rooms are in no list."""
        if not self._options.admin_key:
            remedy = (
                "Set admin_key in janus.plugin.videoroom.jcfg and here. Until then nobody is taken for gone by a list."
            )
            return Finding(False, "Without admin_key private rooms cannot be listed.", remedy)
        try:
            await self._api.ask_room({"request": "list", "admin_key": WRONG_KEY}, _Nothing)
        except Forbidden:
            return Finding(True, "VideoRoom checks admin_key, and it is right.")
        except ProviderError as error:
            return Finding(False, "VideoRoom cannot be asked.", str(error))
        what = "VideoRoom has no admin_key: anybody may create rooms, and private ones are in no list."
        return Finding(False, what, "Set admin_key in janus.plugin.videoroom.jcfg.")

    async def _room_secret(self, rooms: tuple[RoomInfo, ...]) -> Finding:
        """Reading a room's allow list takes the secret that kicking takes."""
        refused, asked = [], rooms[:NAMED]
        for room in asked:
            try:
                await self._client.allowed_tokens(str(room.room))
            except Gone:
                continue
            except ProviderError:
                refused.append(str(room.room))
        which = f"{len(asked)} of {len(rooms)} rooms were asked"
        remedy = "Create all rooms with a secret, and set room_secret to it."
        if refused:
            return Finding(False, f"Rooms that refuse room_secret: {', '.join(refused)} ({which}).", remedy)
        if not self._options.room_secret:
            return Finding(False, f"Rooms can be moderated by anybody, without a secret ({which}).", remedy)
        return Finding(True, f"Rooms can be moderated with room_secret ({which}).")


def _decoded(reply: Reply) -> _ApiReply:
    try:
        return msgspec.json.decode(reply.body, type=_ApiReply)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _ApiReply()


def _private_ids(rooms: tuple[RoomInfo, ...]) -> Finding:
    loose = sorted(str(room.room) for room in rooms if not room.require_pvtid)
    if not loose:
        return Finding(True, "All rooms require private ids of those who watch.")
    names = ", ".join(loose[:NAMED]) + (f" and {len(loose) - NAMED} more" if len(loose) > NAMED else "")
    remedy = "Create rooms with require_pvtid = true; else a removed person may keep watching through another session."
    return Finding(False, f"Rooms that let anybody watch unseen: {names}.", remedy)
