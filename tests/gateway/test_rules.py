"""Every route there is, those that come later too: its token, its scope, its room pattern."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from starlette.routing import Route

from moderator.gateway.rules import ROOM, Rule
from moderator.gateway.scopes import SCOPES
from tests.fakes.builders import DAY, joined
from tests.fakes.gateway import GatewayInProcess, bearer

OPEN = {
    *("GET /healthz", "GET /readyz", "GET /metrics", "GET /openapi.json", "GET /device"),
    *("GET /v1/signin", "POST /v1/device", "POST /v1/token", "POST /v1/revoke"),
}
"""Whoever may ask these without a token. Who adds one here says why it is harmless in docs/security.md."""
IDS = {"source": "clinic", "room": "room-1", "name": "room-1", "participant": "c1"}


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        yield gateway


def url_of(path: str, **ids: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: {**IDS, **ids}.get(found[1], "1"), path)


def sample(schema: dict[str, Any], components: dict[str, Any]) -> Any:
    """The least that a schema takes."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return sample(choices[0], components)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        members = schema.get("properties", {})
        return {name: sample(members[name], components) for name in schema.get("required", ())}
    return {"string": "x", "integer": 60, "number": 60, "boolean": False, "array": []}.get(schema.get("type", ""))


def body_of(rule: Rule) -> Any:
    if rule.body is None:
        return None
    (schema,), components = msgspec.json.schema_components([rule.body])
    return sample(schema, components)


async def ask(gateway: GatewayInProcess, rule: Rule, url: str, header: str) -> httpx.Response:
    content = None if rule.body is None else msgspec.json.encode(body_of(rule))
    answer = await gateway.http.request(rule.method, url, content=content, headers={"Authorization": header})
    await gateway.clock.settle()
    return answer


def registered(gateway: GatewayInProcess) -> Iterator[str]:
    for route in gateway.gateway.routes:
        assert isinstance(route, Route)
        yield from (f"{method} {route.path}" for method in (route.methods or {"ANY"}) - {"HEAD"})


async def test_no_route_is_without_a_rule(gateway: GatewayInProcess) -> None:
    ruled = {f"{rule.method} {rule.path}" for rule in gateway.gateway.rules}
    assert len(ruled) > 25
    opened = {f"{rule.method} {rule.path}" for rule in gateway.gateway.open_rules}
    assert opened == OPEN
    assert set(registered(gateway)) == ruled | OPEN | {"GET /v1/feed", "ANY /webhooks/{source}"}


async def test_every_scope_is_one_that_there_is_and_a_route_says_what_it_does(gateway: GatewayInProcess) -> None:
    for rule in gateway.gateway.rules:
        assert rule.scope is None or rule.scope in SCOPES, rule.path
        assert rule.path.startswith("/v1/"), rule.path
        assert rule.summary


async def test_every_route_needs_a_token(gateway: GatewayInProcess) -> None:
    for method, path in [*((rule.method, rule.path) for rule in gateway.gateway.rules), ("GET", "/v1/feed")]:
        for header in ("", "Bearer forged"):
            answer = await gateway.http.request(method, url_of(path), headers={"Authorization": header})
            assert answer.status_code == 401, (method, path)


async def test_every_route_needs_its_scope(gateway: GatewayInProcess) -> None:
    for rule in gateway.gateway.rules:
        header = bearer(SCOPES - {rule.scope} if rule.scope else ["stats:read"])
        answer = await ask(gateway, rule, url_of(rule.path), header)
        if rule.scope is None:
            assert answer.status_code < 400, rule.path
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope"), (rule.method, rule.path)
    assert gateway.provider.calls == []


async def test_every_route_about_a_room_keeps_to_the_patterns(gateway: GatewayInProcess) -> None:
    about_rooms = [rule for rule in gateway.gateway.rules if "{source}" in rule.path]
    assert {ROOM, ROOM + "/extend"} <= {rule.path for rule in about_rooms}
    for rule in about_rooms:
        header = bearer(rooms=["clinic/other", "school/*"])
        there = await ask(gateway, rule, url_of(rule.path), header)
        never = await ask(gateway, rule, url_of(rule.path, room="never", name="never"), header)
        assert (there.status_code, there.json()["code"]) == (404, "unknown_room"), (rule.method, rule.path)
        assert there.json() == never.json(), (rule.method, rule.path)
    assert gateway.provider.calls == []


async def test_no_list_shows_what_is_outside_the_patterns(gateway: GatewayInProcess) -> None:
    for rule in gateway.gateway.rules:
        if rule.method == "GET" and "{" not in rule.path:
            answer = await ask(gateway, rule, rule.path, bearer(rooms=["clinic/other"]))
            assert "room-1" not in answer.text, rule.path


async def test_a_room_that_is_within_the_patterns_is_found(gateway: GatewayInProcess) -> None:
    for rule in gateway.gateway.rules:
        if rule.path == ROOM or rule.path == ROOM + "/owner":
            answer = await ask(gateway, rule, url_of(rule.path), bearer(rooms=["clinic/room-*"]))
            assert answer.status_code == 200
