"""What the review windows ask the gateway, as they see it. The classes that really ask load the HTTP library, so they
are made when there is a connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from moderator.client.audit import AuditedPage
    from moderator.feed.audit import Format, Verified
    from moderator.feed.policy_report import PolicyReport
    from moderator.feed.quality import QualityPage, QualitySeries


T = TypeVar("T")
Connected = Callable[[], T | None]
"""Asked before each question: None until there is a connection."""


class AuditQuestions(Protocol):
    """As `moderator.client.audit`. Every method raises GatewayError."""

    async def page(self, asked: Mapping[str, str | int]) -> AuditedPage: ...
    async def verify(self) -> Verified: ...
    async def export(
        self, format_: Format, write: Callable[[bytes], object], asked: Mapping[str, str | int] | None = None
    ) -> None: ...


class PolicyQuestions(Protocol):
    """As `moderator.client.reports`. Raises GatewayError."""

    async def policy(self, hours: int = 24) -> PolicyReport: ...


class QualityQuestions(Protocol):
    """As `moderator.client.quality`. Every method raises GatewayError."""

    async def sessions(
        self, source: str, *, user: str = "", room: str = "", days: int | None = None, cursor: str = ""
    ) -> QualityPage: ...
    async def series(self, row: int, source: str = "", room: str = "") -> QualitySeries: ...


class Questions(NamedTuple):
    """One gateway, asked by one moderator."""

    audit: AuditQuestions
    policy: PolicyQuestions
    quality: QualityQuestions
