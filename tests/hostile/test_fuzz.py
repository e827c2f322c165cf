"""Whatever is sent to any route of `/openapi.json`: the gateway answers, and never with a fault of its own."""

import asyncio
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderator.feed.paths import quote_id
from moderator.gateway.sign_in import forms
from tests.fakes.builders import joined, published
from tests.fakes.gateway import GatewayServed, bearer

EXAMPLES = 600
NOT_THERE = {"no_rtcstats"}
"""What this gateway was not configured with: whatever is sent, it says so."""
KNOWN = ("clinic", "room-1", "c1", "u1", "s1", "1")
texts = st.text(max_size=40)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
segments = (
    st.sampled_from(KNOWN)
    | texts.filter(bool).map(quote_id)
    | texts.map(lambda text: quote(text, safe="~"))
    | st.sampled_from(["~", "~!", "..", ".", "%00", "x" * 5_000])
)
numbers = st.integers(-10, 10) | st.integers() | st.sampled_from([0, 60, 2**31, 2**53, 2**63, -(2**63), 10**30])
_BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "string": texts | st.sampled_from(KNOWN),
    "integer": numbers,
    "number": numbers | st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "null": st.none(),
}


def values(schema: dict[str, Any], components: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What a schema takes, and now and then something else."""
    return st.one_of(*[_fitting(schema, components)] * 6, anything)


def _fitting(schema: dict[str, Any], components: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return st.deferred(lambda: _fitting(components[schema["$ref"].rpartition("/")[2]], components))
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return st.one_of(*(_fitting(choice, components) for choice in choices))
    if "enum" in schema:
        return st.sampled_from(schema["enum"]) | texts
    if schema.get("type") == "array":
        return st.lists(values(schema.get("items", {}), components), max_size=4)
    if schema.get("type") == "object":
        members = {name: values(one, components) for name, one in schema.get("properties", {}).items()}
        required = set(schema.get("required", ()))
        return st.fixed_dictionaries(
            {name: one for name, one in members.items() if name in required},
            optional={name: one for name, one in members.items() if name not in required} | {"x": anything},
        )
    return _BY_TYPE.get(schema.get("type", ""), anything)


def paths_like(template: str) -> st.SearchStrategy[str]:
    parts = [segments if part.startswith("{") else st.just(part) for part in re.split(r"({\w+})", template)]
    return st.tuples(*parts).map("".join)


@st.composite
def requests(draw: st.DrawFn, document: dict[str, Any]) -> dict[str, Any]:
    """One request to some route of the document."""
    routes = [(path, verb) for path, one in document["paths"].items() for verb in one if verb != "parameters"]
    path, verb = draw(st.sampled_from(routes))
    operation = document["paths"][path][verb]
    names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
    query = {name: draw(texts | numbers.map(str)) for name in names if draw(st.booleans())}
    headers = {"Authorization": draw(st.sampled_from([None, None, None, ["rooms:read"], []]).map(_header))}
    if draw(st.booleans()):
        headers["Idempotency-Key"] = draw(st.text("ab\u00e9 ", max_size=210)).strip()
    content = b""
    for media_type, taken in operation.get("requestBody", {}).get("content", {}).items():
        value = draw(values(taken.get("schema", {}), document["components"]["schemas"]))
        content, headers["Content-Type"] = _encoded(media_type, value), media_type
    content = draw(st.one_of(*[st.just(content)] * 8, st.binary(max_size=60)))
    url = draw(paths_like(path)) + (f"?{urlencode(query)}" if query else "")
    return {"method": verb.upper(), "url": url, "headers": headers, "content": content}


def _header(scopes: list[str] | None) -> str:
    return bearer() if scopes is None else bearer(scopes) if scopes else "Bearer x"


def _encoded(media_type: str, value: Any) -> bytes:
    if media_type == forms.MEDIA_TYPE and isinstance(value, dict):
        return urlencode({name: str(one) for name, one in value.items()}, errors="replace").encode()
    return msgspec.json.encode(value, enc_hook=str)


def send(client: httpx.Client, base: httpx.URL, request: dict[str, Any]) -> tuple[int, str, bytes]:
    """Status, content type and body; a stream is not waited for."""
    url = base.copy_with(raw_path=request["url"].encode())
    headers = {name: value.encode("latin-1", "replace") for name, value in request["headers"].items()}
    with client.stream(request["method"], url, headers=headers, content=request["content"]) as answer:
        media_type = answer.headers.get("content-type", "")
        return answer.status_code, media_type, b"" if "event-stream" in media_type else answer.read()


def fuzz(address: tuple[str, int]) -> None:
    """All of it; hypothesis knows no coroutines, so it runs in a thread."""
    base = httpx.URL(f"http://{address[0]}:{address[1]}")
    with httpx.Client(timeout=20, trust_env=False, verify=False) as client:
        document = client.get(base.join("/openapi.json")).json()

        @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), database=None)
        @given(requests(document))
        def no_fault(request: dict[str, Any]) -> None:
            status, media_type, body = send(client, base, request)
            assert status < 500 or msgspec.json.decode(body)["code"] in NOT_THERE, (status, body)
            assert b"Traceback" not in body
            if status >= 400:
                assert "code" in msgspec.json.decode(body) or media_type == "application/json", body

        no_fault()


async def test_no_input_is_a_fault_of_the_gateway(tmp_path: Path) -> None:
    async with GatewayServed(tmp_path) as gateway:
        now = gateway.clock.now_ms()
        await gateway.tell(joined("c1", now, user="u1"), published("c1", "s1", now))
        await asyncio.to_thread(fuzz, gateway.address)
        assert (await gateway.http.get("/readyz")).status_code == 200
