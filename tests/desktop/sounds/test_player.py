"""Cues beside the window."""

import asyncio

import pytest

from moderator.desktop.sounds.player import Player
from moderator.desktop.sounds.speaker import Speaker, SpeakerError
from tests.fakes.speaker import NO_DEVICE, FakeSpeaker


async def test_one_after_the_other() -> None:
    speaker = FakeSpeaker()
    player = Player(speaker)
    await asyncio.gather(player.play("first", 10), player.play("last", 20), player.play("later", 30))
    assert speaker.played == [("first", 10), ("last", 20), ("later", 30)]
    player.close()
    assert speaker.closed


async def test_nobody_waits_for_the_machines_audio() -> None:
    speaker = FakeSpeaker()
    speaker.goes_on.clear()
    player = Player(speaker)
    playing = asyncio.get_running_loop().create_task(player.play("first", 10))
    for _ in range(100):
        await asyncio.sleep(0)  # the loop turns
    assert not playing.done()
    speaker.goes_on.set()
    await playing
    player.close()


@pytest.mark.parametrize("trouble", [NO_DEVICE, RuntimeError("the library broke")], ids=repr)
async def test_what_fails_is_told_and_the_next_is_tried(trouble: Exception) -> None:
    speaker = FakeSpeaker(trouble)
    player = Player(speaker)
    with pytest.raises(SpeakerError):
        await player.play("first", 10)
    speaker.trouble = None
    await player.play("later", 10)
    assert [cue for cue, _ in speaker.played] == ["first", "later"]
    player.close()


async def test_a_hanging_device_does_not_keep_the_program() -> None:
    speaker = FakeSpeaker()
    speaker.goes_on.clear()
    player = Player(speaker)
    playing = asyncio.get_running_loop().create_task(player.play("first", 10))
    while not speaker.played:
        await asyncio.sleep(0.001)
    player.close()
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    assert playing.cancelled()
    speaker.goes_on.set()


async def test_a_real_speaker_that_nobody_hears() -> None:
    player = Player(Speaker("NULL"))
    await player.play("first", 60)
    player.close()


def test_nothing_was_played() -> None:
    speaker = FakeSpeaker()
    Player(speaker).close()
    assert not speaker.closed, "it was never opened"
