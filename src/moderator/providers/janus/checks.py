"""Whether a Janus is set up for moderation, and what to change where it is not. Changes nothing itself."""

from typing import Final

from msgspec import Struct

from moderator.http import HttpClient, HttpError
from moderator.providers.errors import Forbidden, Gone, ProviderError
from moderator.providers.janus.admin_api import AdminApi
from moderator.providers.janus.client import Client, RoomInfo
from moderator.providers.janus.options import Options
from moderator.providers.provider import Finding

NAMED: Final = 5
"""How many rooms a finding names, or asks, at most."""
WRONG_KEY: Final = "a check: this wrong key has to be refused"
HANDLER: Final = "janus.eventhandler.sampleevh"
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
            findings += [await self._events(webhook_url), await self._admin_key(), *await self._rooms()]
        return findings

    async def _janus_api(self) -> Finding:
        try:
            reply = await self._http.request("GET", f"{self._options.base_url.rstrip('/')}/info")
        except HttpError as error:
            return Finding(False, f"The Janus API: {error}.", "Is Janus running, and base_url right?")
        if reply.status != 200 or b"server_info" not in reply.body:
            return Finding(False, "What answers at base_url is not a Janus API.", "Its path is usually /janus.")
        return Finding(True, "The Janus API answers.")

    async def _admin_api(self) -> Finding:
        try:
            await self._api.ask({"janus": "list_sessions"}, _Sessions)
        except ProviderError as error:
            return Finding(False, "The Admin API cannot be used.", str(error))
        return Finding(True, "The Admin API answers, and admin_secret is right.")

    async def _events(self, webhook_url: str) -> Finding:
        remedy = HANDLER_CONFIG.format(url=webhook_url, user=self._options.webhook_user)
        try:
            info = await self._api.ask({"janus": "info"}, _Info)
        except ProviderError as error:
            return Finding(False, "Janus does not say which event handlers it has.", str(error))
        if not (info.event_handlers and HANDLER in info.events):
            return Finding(False, "Janus does not report events over HTTP.", remedy)
        return Finding(True, f"Janus reports events over HTTP (that they go to {webhook_url} cannot be asked).", remedy)

    async def _admin_key(self) -> Finding:
        """A wrong key must be refused: where VideoRoom has none, private rooms are in nobody's list."""
        if not self._options.admin_key:
            remedy = (
                "Set admin_key in janus.plugin.videoroom.jcfg and here. Until then nobody is taken for gone by a list."
            )
            return Finding(False, "Without admin_key private rooms cannot be listed.", remedy)
        try:
            await self._api.ask_room({"request": "list", "admin_key": WRONG_KEY}, _Nothing)
        except Forbidden:
            return Finding(True, "VideoRoom checks admin_key.")
        except ProviderError as error:
            return Finding(False, "VideoRoom cannot be asked.", str(error))
        what = "VideoRoom has no admin_key: anybody may create rooms, and private ones are in no list."
        return Finding(False, what, "Set admin_key in janus.plugin.videoroom.jcfg.")

    async def _rooms(self) -> list[Finding]:
        try:
            rooms = await self._client.rooms()
        except ProviderError as error:
            return [Finding(False, "VideoRoom's rooms cannot be listed.", str(error))]
        listed = Finding(True, f"VideoRoom lists its rooms ({len(rooms)} now).")
        return [listed, await self._room_secret(rooms), _private_ids(rooms)]

    async def _room_secret(self, rooms: tuple[RoomInfo, ...]) -> Finding:
        """Reading a room's allow list takes the secret that kicking takes."""
        refused = []
        for room in rooms[:NAMED]:
            try:
                await self._client.allowed_tokens(str(room.room))
            except Gone:
                continue
            except ProviderError:
                refused.append(str(room.room))
        if not refused:
            return Finding(True, "Rooms can be moderated with room_secret.")
        remedy = "Create all rooms with the secret that room_secret names."
        return Finding(False, f"Rooms that refuse room_secret: {', '.join(refused)}.", remedy)


def _private_ids(rooms: tuple[RoomInfo, ...]) -> Finding:
    loose = sorted(str(room.room) for room in rooms if not room.require_pvtid)
    if not loose:
        return Finding(True, "All rooms require private ids of those who watch.")
    names = ", ".join(loose[:NAMED]) + (f" and {len(loose) - NAMED} more" if len(loose) > NAMED else "")
    remedy = "Create rooms with require_pvtid = true; else a removed person may keep watching through another session."
    return Finding(False, f"Rooms that let anybody watch unseen: {names}.", remedy)
