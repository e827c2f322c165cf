"""`GET /openapi.json`: what this gateway can be asked, for other programs, made from the same rows as its routes."""

import functools
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

import moderator
from moderator.feed.paths import MAX_ID_BYTES
from moderator.gateway import problems
from moderator.gateway.requests import MAX_KEY_LENGTH
from moderator.gateway.rules import OpenRule, Rule
from moderator.gateway.sign_in import forms

ID_PATTERN: Final = r"^(?!\.{1,2}$)([A-Za-z0-9_.:@-]+|~[A-Za-z0-9_-]+)$"
"""An id as it stands in a path, see `moderator.feed.paths`."""
JSON: Final = "application/json"
PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "A sentence, for people."},
    },
}
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A repeat with the same key is not done twice, and gets the same answer.",
    "schema": {"type": "string", "maxLength": MAX_KEY_LENGTH},
}
_CURSOR: Final = {
    "name": "Last-Event-ID",
    "in": "header",
    "description": "The `id` of the last frame that is known: it goes on from there.",
    "schema": {"type": "string"},
}
_PROBLEM_ANSWER: Final = {"$ref": "#/components/responses/Problem"}
_FEED: Final = {
    "operationId": "get_v1_feed",
    "summary": "What happens, as server-sent events",
    "description": "Needs the scope `rooms:read`.",
    "security": [{"token": ["rooms:read"]}],
    "parameters": [_CURSOR],
    "responses": {
        "200": {"description": "Frames, until the connection ends.", "content": {"text/event-stream": {}}},
        "default": _PROBLEM_ANSWER,
    },
}
_WEBHOOK: Final = {
    "operationId": "post_webhooks_source",
    "summary": "What a platform reports, signed as it does",
    "security": [],
    "requestBody": {"content": {"*/*": {}}},
    "responses": {"200": {"description": "Stored."}, "default": _PROBLEM_ANSWER},
}


class OpenApi:
    """The document, made when somebody asks for it first."""

    def __init__(self, rules: Sequence[Rule], open_rules: Sequence[OpenRule]) -> None:
        self._rules = rules
        self._open_rules = open_rules

    @functools.cached_property
    def encoded(self) -> bytes:
        """The document's JSON."""
        return msgspec.json.encode(document(self._rules, self._open_rules))

    async def serve(self, request: Request) -> Response:
        """`GET /openapi.json`"""
        return Response(self.encoded, media_type=JSON)


def document(rules: Iterable[Rule], open_rules: Iterable[OpenRule]) -> dict[str, Any]:
    """The OpenAPI document of these routes, the feed and the webhooks."""
    rules = list(rules)
    types = dict.fromkeys(type_ for rule in rules for type_ in (rule.body, rule.answer) if type_ is not None)
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    schema_of = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for rule in rules:
        _at(paths, rule.path)[rule.method.lower()] = _operation(rule, schema_of)
    for open_rule in open_rules:
        _at(paths, open_rule.path)[open_rule.method.lower()] = _open_operation(open_rule)
    _at(paths, "/v1/feed")["get"] = _FEED
    _at(paths, "/webhooks/{source}")["post"] = _WEBHOOK
    return {
        "openapi": "3.1.0",
        "info": {"title": "Moderator gateway", "version": moderator.__version__, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": {**components, "Problem": PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "responses": {"Problem": _problem_answer()},
        },
    }


def _at(paths: dict[str, dict[str, Any]], path: str) -> dict[str, Any]:
    """The entry of a path, with the ids that stand in it."""
    names = re.findall(r"{(\w+)}", path)
    schema = {"type": "string", "pattern": ID_PATTERN, "maxLength": 2 * MAX_ID_BYTES}
    ids = [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]
    return paths.setdefault(path, {"parameters": ids} if ids else {})


def _operation(rule: Rule, schema_of: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    query = [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in rule.query.items()
    ]
    operation = {
        "operationId": _name(rule),
        "summary": rule.summary,
        "description": f"Needs the scope `{rule.scope}`." if rule.scope else "Any valid token will do.",
        "security": [{"token": [rule.scope] if rule.scope else []}],
        "parameters": query if rule.method == "GET" else [*query, _KEY],
        "responses": {
            str(rule.status): {"description": "Done.", "content": {JSON: {"schema": schema_of.get(rule.answer, {})}}},
            "default": _PROBLEM_ANSWER,
        },
    }
    if rule.body is not None:
        operation["requestBody"] = {"content": {JSON: {"schema": schema_of[rule.body]}}}
    return operation


def _open_operation(rule: OpenRule) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _name(rule),
        "summary": rule.summary,
        "security": [],
        "responses": {"200": {"description": "Done."}, "default": _PROBLEM_ANSWER},
    }
    if rule.form:
        form = {"type": "object", "properties": {name: {"type": "string"} for name in rule.form}}
        operation["requestBody"] = {"content": {forms.MEDIA_TYPE: {"schema": form}}}
        operation["responses"]["400"] = {"description": "An error of RFC 6749 or RFC 8628.", "content": {JSON: {}}}
    return operation


def _name(rule: Rule | OpenRule) -> str:
    return "_".join([rule.method.lower(), *re.findall(r"\w+", rule.path)])


def _problem_answer() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": "It was not done, and why.", "content": {problems.MEDIA_TYPE: {"schema": schema}}}
