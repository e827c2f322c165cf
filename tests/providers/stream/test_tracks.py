import pytest

from moderator.providers.stream.tracks import KINDS, stream_id, track_of


@pytest.mark.parametrize("track", KINDS)
def test_a_stream_tells_its_track(track: str) -> None:
    assert track_of(stream_id("a/b", track)) == track


@pytest.mark.parametrize("stream", ["", "a", "a/", "a/screenshare_audio", "a/everything"])
def test_what_is_none_of_ours(stream: str) -> None:
    assert track_of(stream) == ""
