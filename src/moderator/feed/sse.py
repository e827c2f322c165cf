"""Server-sent events as bytes: frames out, frames in. The format is that of the HTML standard, section 9.2."""

from typing import Final

from msgspec import Struct

MAX_FRAME_BYTES: Final = 16 * 1024 * 1024


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
        self._rest = b""
        self._event = ""
        self._id = ""
        self._data: list[bytes] = []
        self._size = 0
        self._at_start = True

    def feed(self, chunk: bytes) -> list[SseFrame]:
        """The frames that these bytes complete. Raises SseError when a frame grows beyond all measure."""
        received = self._rest + chunk
        if self._at_start:
            if b"\xef\xbb\xbf".startswith(received[:3]) and len(received) < 3:
                self._rest = received
                return []
            received = received.removeprefix(b"\xef\xbb\xbf")
            self._at_start = False
        lines, self._rest = _complete_lines(received)
        frames = []
        for line in lines:
            if line:
                self._take(line)
            elif (frame := self._dispatch()) is not None:
                frames.append(frame)
        if self._size + len(self._rest) > MAX_FRAME_BYTES:
            raise SseError(f"a frame is larger than {MAX_FRAME_BYTES} bytes")
        return frames

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


def _complete_lines(received: bytes) -> tuple[list[bytes], bytes]:
    """Lines that are surely complete, and the rest. A CR at the very end may be the first half of a CR LF."""
    held = b"\r" if received.endswith(b"\r") else b""
    body = received[: len(received) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    *lines, rest = body.split(b"\n")
    return lines, rest + held
