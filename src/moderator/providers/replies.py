"""What the replies of all platforms have in common."""

from moderator.http import Reply


def retry_after_s(reply: Reply) -> float | None:
    """The pause that a reply asks for, in seconds; None without one.

    The other form, a date, is not worth trusting somebody else's clock for.
    """
    told = reply.headers.get("retry-after", "")
    return float(told) if told.isascii() and told.isdigit() else None
