"""Something happens in between, always at the same place."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest


def interrupted(
    monkeypatch: pytest.MonkeyPatch, where: object, name: str, at: int, by: Callable[[], Awaitable[object]]
) -> None:
    """Before this is called for the `at`th time, all of that happens."""
    ordinary, calls = getattr(where, name), 0

    async def after_that(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at:
            await by()
        return await ordinary(*arguments)

    monkeypatch.setattr(where, name, after_that)
