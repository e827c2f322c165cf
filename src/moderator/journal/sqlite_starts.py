"""The start in the log file: one, replaced, and dropped in the transaction that takes out what it was made of."""

import logging
import sqlite3

from moderator.feed.codec import CodecError
from moderator.journal.starts import Start, decode

logger = logging.getLogger(__name__)


def keep_start(store: sqlite3.Connection, seq: int, body: bytes) -> None:
    """In place of an older one; not where there is a newer one, or what it was made of is not the same any more."""
    store.execute(
        "INSERT INTO start VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, body = excluded.body "
        "WHERE excluded.seq > seq",
        (seq, body),
    )


def drop_start(store: sqlite3.Connection) -> None:
    """Also any that was made of the entries that there are now, and is kept later."""
    store.execute("INSERT OR REPLACE INTO start SELECT 1, coalesce(max(seq), 0), NULL FROM entries")


def is_kept(store: sqlite3.Connection, seq: int) -> bool:
    """Whether the start up to this `seq` is the one that is kept."""
    return store.execute("SELECT 1 FROM start WHERE seq = ? AND body IS NOT NULL", (seq,)).fetchone() is not None


def start_in(store: sqlite3.Connection) -> Start | None:
    """The start that is kept. One that cannot be read is as good as none: the log has all that it was made of."""
    row = store.execute("SELECT body FROM start WHERE body IS NOT NULL").fetchone()
    if row is None:
        return None
    try:
        return decode(row[0])
    except CodecError as error:
        logger.info("the log is read from its beginning: there is a start in it, but %s", error)
        return None
