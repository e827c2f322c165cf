"""The platforms that can be simulated: a new one is a package, and a line here."""

import argparse
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from moderator.simulator.cloud import Platform
from moderator.simulator.livekit import platform as livekit
from moderator.simulator.stream import platform as stream
from moderator.simulator.vonage import platform as vonage


class Kind(Struct, frozen=True):
    """A platform on the command line."""

    help: str
    description: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    """Its own, beside those that all have."""
    make: Callable[[bytes, argparse.Namespace], Platform]
    """From the line with the credentials. Raises BadCredentials."""


PLATFORMS: Final = {
    "livekit": Kind("LiveKit", livekit.DESCRIPTION, livekit.add_arguments, livekit.make),
    "vonage": Kind("Vonage Video and OpenTok", vonage.DESCRIPTION, vonage.add_arguments, vonage.make),
    "stream": Kind("Stream Video", stream.DESCRIPTION, stream.add_arguments, stream.make),
}
