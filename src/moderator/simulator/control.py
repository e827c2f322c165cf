"""What no real cloud has: the routes under `/_simulator` by which tests and the demo direct the world.

They need no credentials: the simulator listens on loopback. The words are the world's, whatever the platform's are.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from moderator.simulator.cloud import Cloud
from moderator.simulator.traffic import Mode, Traffic
from moderator.simulator.world import Ending, Gone, Person, Room, StreamKind, TurnedAway

ROOT: Final = "/_simulator"

Order = TypeVar("Order", bound=Struct)


class SetMode(Struct, forbid_unknown_fields=True):
    mode: Mode


class SendGuest(Struct, forbid_unknown_fields=True):
    """Into this room, or into any with two people in it."""

    room: str | None = None


class Join(Struct, forbid_unknown_fields=True):
    """Without a room a new one begins, of that name. `data` replaces what is usually said of the person."""

    user: str
    name: str = ""
    role: str = ""
    data: str | None = None
    room: str | None = None
    room_name: str = ""
    streams: tuple[StreamKind, ...] = ("camera",)


class Leave(Struct, forbid_unknown_fields=True):
    connection: str
    ending: Ending = "left"


class Publish(Struct, forbid_unknown_fields=True):
    connection: str
    kind: StreamKind


class Unpublish(Struct, forbid_unknown_fields=True):
    stream: str
    ending: Ending = "left"


class ControlApi:
    """The routes for one cloud."""

    def __init__(self, cloud: Cloud, traffic: Traffic) -> None:
        self._cloud, self._world, self._traffic = cloud, cloud.world, traffic
        routes = [
            Route("/rooms", self._rooms),
            Route("/deliveries", self._deliveries),
            _post("/mode", SetMode, self._mode),
            _post("/guest", SendGuest, self._guest),
            _post("/join", Join, self._join),
            _post("/leave", Leave, self._leave),
            _post("/publish", Publish, self._publish),
            _post("/unpublish", Unpublish, self._unpublish),
        ]
        self.app = Starlette(routes=routes, exception_handlers=_ANSWERS)

    async def _rooms(self, request: Request) -> Response:
        now = self._cloud.now()
        rooms = [self._describe(room) for room in self._world.rooms.values()]
        return JSONResponse({"now": now, "rooms": rooms})

    def _describe(self, room: Room) -> dict[str, Any]:
        described: dict[str, Any] = msgspec.to_builtins(room)
        described["room"] = described.pop("id")
        described["connections"] = [
            one | {"streams": list(one["streams"].values())} for one in described["connections"].values()
        ]
        return described

    async def _deliveries(self, request: Request) -> Response:
        counts = self._cloud.deliveries.counts
        waiting = counts.sent - counts.acknowledged - counts.dropped
        return JSONResponse(msgspec.to_builtins(counts) | {"waiting": waiting})

    def _mode(self, order: SetMode) -> dict[str, Any]:
        self._traffic.mode = order.mode
        return {"mode": order.mode}

    def _guest(self, order: SendGuest) -> dict[str, Any]:
        guest = self._cloud.life.send_guest(self._cloud.now(), order.room)
        if guest is None:
            raise Gone("no such room with people in it and time left")
        return {"room": self._world.locate(guest.id)[0].id, "connection": guest.id, "user": guest.person.user}

    def _join(self, order: Join) -> dict[str, Any]:
        now = self._cloud.now()
        room = order.room or self._world.create(order.room_name, now).id
        connection = self._world.join(room, Person(order.user, order.name, order.role, order.data), now)
        streams = [self._world.publish(connection.id, kind, now).id for kind in order.streams]
        return {"room": room, "connection": connection.id, "joined_at": now, "streams": streams}

    def _leave(self, order: Leave) -> dict[str, Any]:
        self._world.leave(order.connection, self._cloud.now(), order.ending)
        return {}

    def _publish(self, order: Publish) -> dict[str, Any]:
        return {"stream": self._world.publish(order.connection, order.kind, self._cloud.now()).id}

    def _unpublish(self, order: Unpublish) -> dict[str, Any]:
        self._world.unpublish(order.stream, self._cloud.now(), order.ending)
        return {}


def _post(path: str, kind: type[Order], act: Callable[[Order], dict[str, Any]]) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            order = msgspec.json.decode(await request.body() or b"{}", type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse(act(order))

    return Route(path, endpoint, methods=["POST"])


async def _gone(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 404)


async def _turned_away(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 403)


async def _left(request: Request, error: Exception) -> Response:
    """Nobody hears it: who asked is gone, in the middle of asking."""
    return Response(status_code=400)


_ANSWERS: Final = {Gone: _gone, TurnedAway: _turned_away, ClientDisconnect: _left}
