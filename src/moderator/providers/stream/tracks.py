"""The names of tracks: how streams are called here, where Stream knows kinds only, and one of each for each device."""

from typing import Final

from moderator.domain.kinds import StreamKind

KINDS: Final[dict[str, StreamKind]] = {"audio": "microphone", "video": "camera", "screenshare": "screen"}
"""What Stream calls them. (The sound of a screen, `screenshare_audio`, goes with the screen.)"""


def stream_id(participant: str, track: str) -> str:
    """The same track of the same device has the same id."""
    return f"{participant}/{track}"


def track_of(stream: str) -> str:
    """What Stream calls the track that this stream is; empty for what is none of ours."""
    track = stream.rpartition("/")[2]
    return track if track in KINDS else ""
