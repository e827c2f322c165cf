"""The window's own fixtures, for what is asked of all of it."""

from tests.desktop.conftest import anyio_backend, look

__all__ = ["anyio_backend", "look"]
