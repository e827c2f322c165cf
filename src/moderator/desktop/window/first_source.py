"""What the window says to who runs it alone and has not connected a platform yet: which file, and what to write."""

from typing import Final

from moderator.language import tr

_EXAMPLE: Final = """[sources.clinic]
provider = "livekit"
base_url = "wss://clinic.livekit.cloud"
api_key = "..."
api_secret = { file = "livekit.secret" }"""


def how_to_connect(config_path: str) -> str:
    """Sentences and an example, for the empty table."""
    text = tr(
        "Say in this file which platform to watch, then start again:\n{path}\n\n{example}\n\n"
        "What to fill in, and the same for other platforms: docs/livekit.md, docs/stream.md, docs/janus.md\n\n"
        "To look around first, close this window and run: moderator demo",
    )
    return text.format(path=config_path, example=_EXAMPLE)
