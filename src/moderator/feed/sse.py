"""Server-sent events as bytes: frames out, frames in. The format is that of the HTML standard, section 9.2."""

import re
from typing import Final

from msgspec import Struct

MAX_FRAME_BYTES: Final = 16 * 1024 * 1024
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_END: Final = b"\n\n"
_USUAL: Final = re.compile(rb"(?:\A|(?<=\n\n))event: ([ -~]+)\nid: ([ -~]+)\ndata: (.*)\n\n")
"""A frame as `encode_frame` writes it, from where one begins."""
_USUAL_LINES: Final = 4


class SseError(Exception):
    """The stream is not one of server-sent events."""


class SseFrame(Struct, frozen=True, gc=False):
    """One event of the stream. `id` is empty where the frame has none."""

    event: str
    data: bytes
    id: str = ""


def encode_frame(event: str, data: bytes, id_: str = "") -> bytes:
    """One frame. `data` is one line, as compact JSON always is."""
    head = f"event: {event}\nid: {id_}\n" if id_ else f"event: {event}\n"
    return b"".join((head.encode(), b"data: ", data, b"\n\n"))


class SseDecoder:
    """Takes the bytes of a stream as they come, however they are cut, and gives complete frames."""

    def __init__(self) -> None:
        self._rest = bytearray()
        """Of a frame that is not complete yet, with line feeds as the only ends of lines."""
        self._at_start = True
        self._after_return = False
        """The last byte was a CR: an LF that comes next belongs to it."""

    def feed(self, chunk: bytes) -> list[SseFrame]:
        """The frames that these bytes complete. Raises SseError when a frame grows beyond all measure."""
        rest, searched = self._rest, max(0, len(self._rest) - 1)  # nothing is searched twice: it may be megabytes long
        rest += self._with_line_feeds(chunk)
        if self._at_start:
            if len(rest) < len(_BYTE_ORDER_MARK) and _BYTE_ORDER_MARK.startswith(rest):
                return []
            self._at_start, searched = False, 0
            if rest.startswith(_BYTE_ORDER_MARK):
                del rest[: len(_BYTE_ORDER_MARK)]
        end = rest.rfind(_END, searched) + len(_END)
        complete = bytes(rest[:end]) if end >= len(_END) else b""
        del rest[: len(complete)]
        if len(rest) > MAX_FRAME_BYTES:
            raise SseError(f"a frame is larger than {MAX_FRAME_BYTES} bytes")
        return _frames(complete)

    def _with_line_feeds(self, chunk: bytes) -> bytes:
        if self._after_return and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_return = False
        if b"\r" not in chunk:
            return chunk
        self._after_return = chunk.endswith(b"\r")
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _frames(complete: bytes) -> list[SseFrame]:
    """All that are in this. Nearly always they look as `encode_frame` writes them, and no line is left over."""
    usual = _USUAL.findall(complete)
    if len(usual) * _USUAL_LINES == complete.count(b"\n"):
        return [SseFrame(event.decode(), data, id_.decode()) for event, id_, data in usual]
    return [frame for block in complete.split(_END) if (frame := _frame(block)) is not None]


def _frame(block: bytes) -> SseFrame | None:
    """By all rules of the format; None when there is no data in it."""
    fields: dict[bytes, bytes] = {}
    data: list[bytes] = []
    for line in block.split(b"\n"):
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            data.append(value)
        elif field == b"event" or (field == b"id" and b"\0" not in value):
            fields[field] = value
    if not data:
        return None
    return SseFrame(_text(fields.get(b"event", b"")) or "message", b"\n".join(data), _text(fields.get(b"id", b"")))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
