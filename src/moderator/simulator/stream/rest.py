"""The REST calls that a moderation client makes, with the answers, errors and headers of the real platform."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from moderator.simulator.cloud import Cloud
from moderator.simulator.stream import bodies, queries, shapes
from moderator.simulator.stream.accounts import Account
from moderator.simulator.stream.calls import Call, Calls
from moderator.simulator.stream.dates import encode
from moderator.simulator.stream.errors import DURATION, Caller, Refused, not_allowed
from moderator.simulator.stream.moderation import Answer, Moderation
from moderator.simulator.stream.windows import RateLimit
from moderator.simulator.world import Gone

ROOT: Final = "/api/v2"
CALL: Final = "/video/call/{type}/{id}"


class Asked(Struct, frozen=True):
    """A request that was let in, with its body."""

    body: Any
    caller: Caller
    query: dict[str, str]


class Action(Struct, frozen=True):
    """One path of the API, and what it is called there."""

    method: str
    path: str
    name: str
    body: type[Struct]


Act = Callable[[Call, Any, Caller], Answer]
View = Callable[[Call, Asked], Answer]


class RestApi:
    """Answers for one cloud."""

    def __init__(
        self,
        account: Account,
        cloud: Cloud,
        calls: Calls,
        moderation: Moderation,
        limit: RateLimit,
        capabilities: Sequence[str],
    ) -> None:
        """`capabilities` are what callers may do."""
        self._account, self._cloud, self._calls, self._moderation = account, cloud, calls, moderation
        self._limit, self._capabilities = limit, capabilities
        act: tuple[tuple[str, str, type[Struct], Act, str], ...] = (
            ("/mark_ended", "EndCall", bodies.Nothing, moderation.end, "end-call"),
            ("/block", "BlockUser", bodies.Block, moderation.block, "block-users"),
            ("/unblock", "UnblockUser", bodies.Block, moderation.unblock, "block-users"),
            ("/kick", "KickUser", bodies.Kick, moderation.kick, "kick-user"),
            ("/mute_users", "MuteUsers", bodies.Mute, moderation.mute, "mute-users"),
            (
                *("/user_permissions", "UpdateUserPermissions", bodies.Permissions),
                *(moderation.permissions, "update-call-permissions"),
            ),
            ("/event", "SendCallEvent", bodies.Event, moderation.event, "read-call"),
        )
        get = Action("GET", CALL, "GetCall", bodies.Nothing)
        update = Action("PATCH", CALL, "UpdateCall", bodies.Update)
        people = Action("POST", f"{CALL}/participants", "QueryCallParticipants", bodies.ParticipantsQuery)
        routes = [
            self._route(Action("POST", "/video/calls", "QueryCalls", bodies.Query), self._query),
            self._route(Action("POST", "/video/call/members", "QueryCallMembers", bodies.MembersQuery), self._members),
            self._route(Action("GET", "/app", "GetApp", bodies.Nothing), self._app),
            self._route(Action("POST", CALL, "GetOrCreateCall", bodies.GetOrCreate), self._get_or_create),
            self._of_call(get, "read-call", lambda call, asked: self._described(call)),
            self._of_call(update, "change-max-duration", self._update),
            self._of_call(people, "read-call", self._participants),
        ]
        for path, name, body, handler, needs in act:
            routes.append(self._of_call(Action("POST", CALL + path, name, body), needs, _acting(handler)))
        self.app = Starlette(routes=routes)

    # --- every request ----------------------------------------------------------------------------------------------

    def _route(self, action: Action, answer: Callable[[Asked, Request], Answer]) -> Route:
        endpoint = self._endpoint(action, answer)
        return Route(ROOT + action.path, endpoint, methods=[action.method])

    def _endpoint(
        self, action: Action, answer: Callable[[Asked, Request], Answer]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            window = self._limit.take(action.name)
            status = 201 if action.method == "POST" else 200
            try:
                if window.refused:
                    raise Refused("limit", "Too many requests, please try again later")
                asked = self._let_in(action, request, await request.body())
                body = answer(asked, request) | {"duration": DURATION}
            except Gone:
                cid = f"{request.path_params.get('type')}:{request.path_params.get('id')}"
                refused = Refused("gone", f'{action.name} failed with error: "Can\'t find call with id {cid}"')
                status, body = refused.status, refused.body()
            except Refused as refused:
                status, body = refused.status, refused.body()
            headers = window.headers(self._cloud.now())
            return Response(encode(body, "ns"), status, headers, "application/json")

        return endpoint

    def _let_in(self, action: Action, request: Request, raw: bytes) -> Asked:
        query = dict(request.query_params)
        caller = self._account.authorize(query, request.headers, self._cloud.now())
        return Asked(bodies.read(raw, action.body, action.name), caller, query)

    def _of_call(self, action: Action, needs: str, view: View) -> Route:
        def answer(asked: Asked, request: Request) -> Answer:
            kind, number = request.path_params["type"], request.path_params["id"]
            if needs not in self._capabilities:
                raise not_allowed(action.name, kind, asked.caller)
            return view(self._calls.get(f"{kind}:{number}"), asked)

        return self._route(action, answer)

    # --- what only looks --------------------------------------------------------------------------------------------

    def _described(self, call: Call) -> Answer:
        told = {"call": shapes.described(call), "members": shapes.members(call)}
        return told | {"own_capabilities": list(self._capabilities)}

    def _get_or_create(self, asked: Asked, request: Request) -> Answer:
        """What is told of a call that is there already changes nothing."""
        cid = f"{request.path_params['type']}:{request.path_params['id']}"
        created, data = cid not in self._cloud.world.rooms, asked.body.data or bodies.CallData()
        if created and not (data.created_by_id or data.created_by):
            raise Refused("input", "created_by or created_by_id is required when using server side auth")
        if created:
            name = (data.custom or {}).get("name")
            self._cloud.world.create_as(cid, name if isinstance(name, str) else "", self._cloud.now())
        return self._described(self._calls.get(cid)) | {"created": created}

    def _update(self, call: Call, asked: Asked) -> Answer:
        self._moderation.update(call, asked.body, asked.caller)
        return self._described(call)

    def _query(self, asked: Asked, request: Request) -> Answer:
        query: bodies.Query = asked.body
        found = queries.matching(self._calls.all(), query.filter_conditions, queries.CALLS)
        shown, cursors = queries.page(queries.sorted_by(found, query), query)
        return {"calls": [self._described(call) for call in shown], **cursors}

    def _members(self, asked: Asked, request: Request) -> Answer:
        query: bodies.MembersQuery = asked.body
        found = shapes.members(self._calls.get(f"{query.type}:{query.id}"))
        shown, cursors = queries.page(found, query)
        return {"members": shown, **cursors}

    def _participants(self, call: Call, asked: Asked) -> Answer:
        found = queries.participants(call, asked.body.filter_conditions)
        limit = asked.query.get("limit", "100")
        if not limit.isdecimal() or int(limit) > 100:
            raise Refused("input", "limit must be a number up to 100")
        shown = [shapes.participant(one, call) for one in found[: int(limit)]]
        return self._described(call) | {"participants": shown, "total_participants": len(found)}

    def _app(self, asked: Asked, request: Request) -> Answer:
        hook = {"id": "1", "hook_type": "webhook", "enabled": True, "product": "all", "event_types": []}
        return {"app": {"name": "Simulated", "event_hooks": [hook | {"webhook_url": self._cloud.deliveries.url}]}}


def _acting(act: Act) -> View:
    return lambda call, asked: act(call, asked.body, asked.caller)
