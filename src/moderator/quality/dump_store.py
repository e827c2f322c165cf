"""Where dumps are kept: one folder, or below one address. What is in them is read by `dumps.py`.

A row of the database says where its dump was put, but a row is no place to be sent to: only the last part of that
address is used, as the name of a file where the configuration says that dumps are.
"""

import asyncio
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from moderator.http import MAX_REPLY_BYTES, HttpClient, HttpError
from moderator.quality.errors import Unavailable

MAX_FILE_BYTES: Final = MAX_REPLY_BYTES
_NAME: Final = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,200}")
_GONE: Final = "the record is not where rtcstats.dumps points to: it was deleted, or is kept somewhere else"


class DumpStore:
    """`place` is a folder, or an address that begins with http:// or https://."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._http = HttpClient() if urlsplit(place).scheme in {"http", "https"} else None

    async def read(self, blob_url: str) -> bytes:
        """The dump that was put at `blob_url`. Raises Unavailable."""
        name = urlsplit(blob_url).path.rpartition("/")[2]
        if not _NAME.fullmatch(name):
            raise Unavailable("the database names no file that a record could be in")
        if self._http is None:
            return await asyncio.to_thread(_read_file, Path(self._place), name)
        return await _fetch(self._http, f"{self._place.rstrip('/')}/{name}")

    async def aclose(self) -> None:
        if self._http is not None:
            await self._http.aclose()


async def _fetch(http: HttpClient, url: str) -> bytes:
    try:
        reply = await http.request("GET", url)
    except HttpError as error:
        raise Unavailable(f"the record cannot be fetched: {error}; see rtcstats.dumps") from error
    if reply.status == 404:
        raise Unavailable(_GONE)
    if reply.status != 200:
        raise Unavailable(f"the store of records answers {reply.status}: it has to let the gateway read")
    return reply.body


def _read_file(folder: Path, name: str) -> bytes:
    """No link leads out of the folder."""
    try:
        path = (folder / name).resolve(strict=True)
        if path.parent != folder.resolve() or not path.is_file():
            raise Unavailable(_GONE)
        if path.stat().st_size > MAX_FILE_BYTES:
            raise Unavailable(f"the record is larger than {MAX_FILE_BYTES // 2**20} MiB")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unavailable(_GONE) from error
    except OSError as error:
        raise Unavailable("the record cannot be read: give the gateway's user access to rtcstats.dumps") from error
