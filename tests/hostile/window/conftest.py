"""The window's own fixtures, for who attacks it."""

from tests.desktop.conftest import anyio_backend

__all__ = ["anyio_backend"]
