"""What the database of rtcStats is asked, in SQL. No connection here, and no value: those are bound.

The table is rtcStats' own, which it calls "rtcstats-server".
"""

from typing import Final

TABLE: Final = "rtcstats-server"
ANALYSIS: Final = "rtcstats_analysis"

TRANSACTION: Final = "SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL statement_timeout = {ms}"
"""Of every transaction, whatever the server, its pooler and the role are set to."""

ACCESS: Final = """
SELECT wanted.name,
       current_user::text AS role,
       relation.oid IS NOT NULL AS is_there,
       coalesce(has_any_column_privilege(relation.oid, 'SELECT'), false) AS is_readable,
       coalesce(row_security_active(relation.oid), false) AND NOT EXISTS (
           SELECT FROM pg_policy policy
           WHERE policy.polrelid = relation.oid AND policy.polpermissive AND policy.polcmd IN ('r', '*')
             AND EXISTS (
                 SELECT FROM unnest(policy.polroles) AS member (oid)
                 WHERE member.oid = 0 OR pg_has_role(member.oid, 'USAGE')
             )
       ) AS is_hidden,
       id.atttypid = 'bigint'::regtype AS is_current
FROM unnest($1::text[]) AS wanted (name)
LEFT JOIN pg_class relation ON relation.oid = to_regclass(quote_ident(wanted.name))
LEFT JOIN pg_attribute id ON id.attrelid = relation.oid AND id.attname = 'id' AND NOT id.attisdropped
"""
"""What this role may see of the tables $1. A policy for role 0 is for everybody."""

ANY: Final = 'SELECT EXISTS (SELECT FROM "rtcstats-server")'
"""Whether a session is to be seen; ends at the first row."""

_COLUMNS: Final = """
SELECT visit.id,
       visit.rtcstats_user,
       visit.rtcstats_conference,
       visit.rtcstats_session,
       visit.blob_url,
       visit.rtcstats_embed_url,
       visit.session_start::text AS started,
       round(extract(epoch FROM visit.session_start) * 1000)::bigint AS started_ms,
       round(extract(epoch FROM visit.session_end) * 1000)::bigint AS ended_ms,
       {scores}
FROM "rtcstats-server" AS visit
{analysis}
"""
_WITHOUT_ANALYSIS: Final = _COLUMNS.format(
    scores="NULL::real AS experience, NULL::real AS audio, NULL::real AS video, NULL::real AS connectivity",
    analysis="",
)
_WITH_ANALYSIS: Final = _COLUMNS.format(
    scores="analysis.experience, analysis.audio, analysis.video, analysis.connectivity",
    analysis="""LEFT JOIN LATERAL (
    SELECT experience_score AS experience, audio_score AS audio,
           video_score AS video, connectivity_score AS connectivity
    FROM rtcstats_analysis WHERE dump_id = visit.id ORDER BY id DESC LIMIT 1
) AS analysis ON true""",
)

_FIND: Final = """
WHERE ($1::text IS NULL OR visit.rtcstats_user = $1)
  AND ($2::text IS NULL OR visit.rtcstats_conference = $2)
  AND ($3::text IS NULL OR visit.rtcstats_session = $3)
  AND ($4::timestamptz IS NULL OR visit.session_start >= $4)
  AND ($6::bigint IS NULL OR CASE
           WHEN $5::text IS NULL THEN visit.session_start IS NOT NULL OR visit.id < $6
           ELSE (visit.session_start, visit.id) < ($5::text::timestamptz, $6)
       END)
ORDER BY visit.session_start DESC, visit.id DESC
LIMIT $7
"""
"""User, conference, session, since when; start and number of the row before; how many. Rows without a start come first,
as in PostgreSQL's own order.
"""

JOINS: Final = """
SELECT wanted.person, wanted.conference, count(*) AS joins
FROM unnest($1::text[], $2::text[]) AS wanted (person, conference)
JOIN "rtcstats-server" AS visit ON visit.rtcstats_user = wanted.person AND visit.rtcstats_conference = wanted.conference
GROUP BY 1, 2
"""
"""How often each of these people ($1) came to each of these conferences ($2)."""


def find(*, with_analysis: bool) -> str:
    """A page of sessions."""
    return (_WITH_ANALYSIS if with_analysis else _WITHOUT_ANALYSIS) + _FIND


def by_number(*, with_analysis: bool) -> str:
    """One visit."""
    return (_WITH_ANALYSIS if with_analysis else _WITHOUT_ANALYSIS) + "WHERE visit.id = $1"
