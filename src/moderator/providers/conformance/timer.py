"""The end that a platform keeps, where it keeps one, as the suite has it."""


class Timer:
    """The end of the room of `Stated.target`, in milliseconds by the platform's clock. None: it has no limit.

    The suite makes one for each command; `Stated.answer` reads and moves it, as the platform would.
    """

    def __init__(self, ends_at: int | None, latest: int | None = None) -> None:
        self.ends_at = ends_at
        self.moves = 0
        """How often the platform was told to move it."""
        self._latest = latest

    def move(self, ends_at: int) -> None:
        """The platform was told to: what then counts is `ends_at`, which may be sooner, for platforms have limits."""
        self.moves += 1
        self.ends_at = ends_at if self._latest is None else min(ends_at, self._latest)
