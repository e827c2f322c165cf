"""Server-sent events as bytes: frames out, frames in. The format is that of the HTML standard, section 9.2."""

from typing import Final

from msgspec import Struct

MAX_FRAME_BYTES: Final = 16 * 1024 * 1024
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


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
        self._event = ""
        self._id = ""
        self._data: list[bytes] = []
        self._size = 0
        self._at_start = True

    def feed(self, chunk: bytes) -> list[SseFrame]:
        """The frames that these bytes complete. Raises SseError when a frame grows beyond all measure."""
        frames = []
        for line in self._complete_lines(chunk):
            if line:
                self._take(line)
            elif (frame := self._dispatch()) is not None:
                frames.append(frame)
        if self._size + len(self._rest) > MAX_FRAME_BYTES:
            raise SseError(f"a frame is larger than {MAX_FRAME_BYTES} bytes")
        return frames

    def _complete_lines(self, chunk: bytes) -> list[bytes]:
        """Lines that are surely complete. Nothing is searched twice: a line may be megabytes long."""
        rest, searched = self._rest, max(0, len(self._rest) - 1)
        rest += chunk
        if self._at_start:
            if len(rest) < len(_BYTE_ORDER_MARK) and _BYTE_ORDER_MARK.startswith(rest):
                return []
            self._at_start, searched = False, 0
            if rest.startswith(_BYTE_ORDER_MARK):
                del rest[: len(_BYTE_ORDER_MARK)]
        # A CR at the very end may be the first half of a CR LF: it waits for the next byte.
        end = 1 + max(rest.rfind(b"\n", searched), rest.rfind(b"\r", searched, len(rest) - 1))
        if end == 0:
            return []
        complete = bytes(rest[:end])
        del rest[:end]
        return complete.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")[:-1]

    def _take(self, line: bytes) -> None:
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data.append(value)
            self._size += len(value)
        elif field == b"event":
            self._event = value.decode("utf-8", "replace")
        elif field == b"id" and b"\0" not in value:
            self._id = value.decode("utf-8", "replace")

    def _dispatch(self) -> SseFrame | None:
        frame = SseFrame(self._event or "message", b"\n".join(self._data), self._id) if self._data else None
        self._event, self._id, self._data, self._size = "", "", [], 0
        return frame
