"""The routes of the audit: look into it, take a copy, check it, erase a person. Each leaves a record of its own."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import msgspec
from starlette.responses import Response, StreamingResponse

from moderator.clock import Clock
from moderator.domain.accounting import AuditExported
from moderator.domain.events import Event
from moderator.domain.ids import EventId
from moderator.feed.audit import AuditPage, Erased, Format, Verified
from moderator.gateway.access.patterns import covers
from moderator.gateway.access.tokens import Access
from moderator.gateway.audit.erasing import Erasing
from moderator.gateway.audit.export import MEDIA_TYPES, head_of_file, lines
from moderator.gateway.audit.query import HELP, MAX_LIMIT, PAGING, Query, parse_query
from moderator.gateway.audit.search import AuditSearch
from moderator.gateway.audit.views import MAX_QUERY, AuditViews
from moderator.gateway.ledger import Ledger
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Body, Call, json_response
from moderator.gateway.rules import Rule
from moderator.journal.event_log import LogError
from moderator.journal.sqlite_evidence import verify_file

logger = logging.getLogger(__name__)

READ: Final = "audit:read"


class ErasingBody(Body, frozen=True, kw_only=True):
    """Who is to be erased."""

    source: str
    user: str


class Audit:
    """Answers about the log itself."""

    def __init__(
        self, ledger: Ledger, erasing: Erasing, views: AuditViews, clock: Clock, log: Path, anchor: Path | None
    ) -> None:
        """`log`: the file, to be checked as others would check it."""
        self._ledger = ledger
        self._search = AuditSearch(ledger)
        self._erasing = erasing
        self._views = views
        self._clock = clock
        self._log = log
        self._anchor = anchor
        self._verifying = asyncio.Lock()

    def rules(self) -> tuple[Rule, ...]:
        """The routes of the audit."""
        searched = {name: HELP[name] for name in HELP if name not in PAGING}
        export = {"format": "csv or jsonl; jsonl if left out", **searched}
        return (
            Rule("GET", "/v1/audit", READ, self.view, "A page of the audit", answer=AuditPage, query=dict(HELP)),
            Rule("GET", "/v1/audit/export", READ, self.export, "The audit as a file", query=export),
            Rule("GET", "/v1/audit/verify", READ, self.verify, "Whether the log was changed", answer=Verified),
            Rule("POST", "/v1/audit/erase", "access:manage", self.erase, "Erase a person", ErasingBody, answer=Erased),
        )

    async def view(self, call: Call) -> Response:
        """`GET /v1/audit`"""
        query = parse_query(call.request.query_params)
        try:
            return json_response(await self._search.page(query, call.access))
        finally:
            self._views.note(call.actor, query.words())

    async def export(self, call: Call) -> Response:
        """`GET /v1/audit/export`: everything up to now that the query is about, oldest first."""
        format_ = _format(call.request.query_params.get("format", "jsonl"))
        query = parse_query(call.request.query_params, also={"format"})
        if PAGING & set(call.request.query_params):
            raise Problem(422, "invalid_query", "an export is whole: name times with from and to")
        query = msgspec.structs.replace(query, before=self._ledger.state.seq + 1, limit=MAX_LIMIT)
        await self._record_export(call, format_, query)
        name = f'attachment; filename="audit.{format_}"'
        return StreamingResponse(
            self._file(query, call.access, format_),
            media_type=MEDIA_TYPES[format_],
            headers={"Content-Disposition": name},
        )

    async def verify(self, call: Call) -> Response:
        """`GET /v1/audit/verify`: one at a time, since it reads the whole file."""
        async with self._verifying:
            try:
                found = await asyncio.to_thread(verify_file, self._log, self._anchor)
            except LogError as error:
                logger.error("the log could not be checked: %s", error)
                raise Problem(
                    503, "not_checked", "the log could not be read; the gateway's own log says why"
                ) from error
        return json_response(found)

    async def erase(self, call: Call) -> Response:
        """`POST /v1/audit/erase`"""
        body = await call.body(ErasingBody)
        if not (body.source and body.user):
            raise Problem(422, "invalid_body", "name the source and the user id, and leave neither empty")
        if not any(covers(pattern, f"{body.source}/*") for pattern in call.access.patterns):
            raise Problem(
                403, "beyond_own_access", "a person is erased from all rooms of a source: your token sees some"
            )
        return json_response(await self._erasing.erase(body.source, body.user, call.actor))

    async def _record_export(self, call: Call, format_: Format, query: Query) -> None:
        """Before the first byte: what could not be recorded is not handed out."""
        part = await self._search.part(query)
        data = AuditExported(
            format=format_,
            query=query.words()[:MAX_QUERY],
            after=part.after,
            looked_at=await self._ledger.log.count(part),
        )
        event = Event(id=EventId(uuid.uuid4().hex), at=self._clock.now_ms(), actor=call.actor, data=data)
        await self._ledger.append([event])

    async def _file(self, query: Query, access: Access, format_: Format) -> AsyncIterator[bytes]:
        if head := head_of_file(format_):
            yield head
        async with contextlib.aclosing(self._search.found(query, access)) as parts:
            async for found in parts:
                if found.rows:
                    yield lines(format_, found.rows)


def _format(text: str) -> Format:
    for format_ in MEDIA_TYPES:
        if format_ == text:
            return format_
    raise Problem(422, "invalid_query", f"format: use {' or '.join(MEDIA_TYPES)}")
