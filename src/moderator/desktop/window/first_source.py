"""What the window says to who runs it alone and has not connected a platform yet."""

from moderator.language import tr


def how_to_connect(config_path: str) -> str:
    """Lines for the empty table, above the button that connects one."""
    text = tr("It takes about a minute. It is kept in this file:\n{path}")
    return text.format(path=config_path)
