"""A disk without space, as far as this process, or another one, can tell."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def full_disk(limit_bytes: int = 0, process: int = 0) -> Iterator[None]:
    """No file may grow beyond so many bytes: to whoever writes one that is as good as a full disk.

    `process` is the id of another process; 0 is this one.
    """
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (limit_bytes, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)
