"""Whether this role may see the tables of rtcStats at all, and what to do if not. Pure: what the database says of
itself is given (`queries.ACCESS`).

Row-level security without a policy shows no rows and reports no error, and that is how the migrations of rtcStats
leave the tables: without asking, "not allowed to look" cannot be told from "never happened".
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from moderator.quality.errors import Unavailable
from moderator.quality.queries import ANALYSIS, TABLE

TABLES: Final = [TABLE, ANALYSIS]


class Access(Struct, frozen=True, kw_only=True):
    """What one role may see of one table."""

    name: str
    role: str
    is_there: bool
    is_readable: bool
    is_hidden: bool
    """Row-level security is on, and no policy shows this role anything."""
    is_current: bool | None
    """Whether rows are numbered; None where there is no table."""


def accesses(records: list[Mapping[str, Any]]) -> dict[str, Access]:
    """By table."""
    return {record["name"]: Access(**record) for record in records}


def check_sessions(access: Access) -> None:
    """Raises Unavailable where the table of sessions tells nothing, with the remedy."""
    if not access.is_there:
        raise Unavailable(
            f'the rtcStats database shows the role {access.role} no table "{TABLE}": name the right database in '
            "rtcstats.database, run the migrations of rtcStats, "
            f"or: GRANT USAGE ON SCHEMA public TO {_quoted(access.role)}"
        )
    if not access.is_current:
        raise Unavailable(
            f'the table "{TABLE}" is from before November 2025, when its rows were not numbered: '
            "run the migrations of rtcStats"
        )
    if remedy := _remedy(access):
        raise Unavailable(f'the rtcStats database hides "{TABLE}" from the role {access.role}: {remedy}')


def notice_of_analysis(access: Access) -> str | None:
    """A sentence where scores may be there that this role cannot see."""
    remedy = _remedy(access) if access.is_there else ""
    return f"rtcStats' own scores are hidden from the role {access.role}: {remedy}" if remedy else None


def has_scores(access: Access) -> bool:
    """Whether asking for scores is no error."""
    return access.is_there and access.is_readable


def _remedy(access: Access) -> str:
    table, role = _quoted(access.name), _quoted(access.role)
    if not access.is_readable:
        return f"GRANT SELECT ON {table} TO {role}"
    if access.is_hidden:
        return f"CREATE POLICY moderator_reads ON {table} FOR SELECT TO {role} USING (true)"
    return ""


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
