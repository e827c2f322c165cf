"""Tooltips that show a text as it is. Qt takes a `<` in a tooltip for markup, and names are other people's texts."""

from html import escape


def plain_tip(text: str) -> str:
    """The text for a tooltip; empty for none."""
    return f'<span style="white-space: pre-wrap">{escape(text)}</span>' if text else ""
