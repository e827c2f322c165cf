"""Ids in URLs.

An id of harmless characters stands as it is; any other is written `~` and its UTF-8 bytes in unpadded base64url.
"""

import base64
import re
from typing import Final

MAX_ID_BYTES: Final = 4096
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:@-]+\Z")


class BadId(ValueError):
    """This path segment is not the written form of any id."""


def quote_id(id_: str) -> str:
    """The path segment that stands for an id.

    Never empty for a non-empty id, never `.` or `..`, never a slash in it.
    """
    if _PLAIN.match(id_) and id_ not in {".", ".."}:
        return id_
    return _written(id_.encode())


def unquote_id(segment: str) -> str:
    """The id that a path segment stands for. Raises BadId."""
    if len(segment) > 2 * MAX_ID_BYTES:
        raise BadId("the id is too long")
    if not segment.startswith("~"):
        if _PLAIN.match(segment) and segment not in {".", ".."}:
            return segment
        raise BadId("write this id as ~ and its UTF-8 bytes in unpadded base64url")
    encoded = segment[1:]
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        id_ = raw.decode()
    except ValueError as error:  # binascii.Error, UnicodeDecodeError, and a plain one for what is not ASCII
        raise BadId("what follows ~ is not the base64url of UTF-8 text") from error
    if not id_ or len(raw) > MAX_ID_BYTES:
        raise BadId("the id is empty or too long")
    if segment != _written(raw):  # padding, the other alphabet, stray bits: an id has one such form only
        raise BadId("what follows ~ is not unpadded base64url")
    return id_


def _written(raw: bytes) -> str:
    return "~" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
