"""What a window does with its gateway, without the window: to be killed by a test."""

import asyncio
import sys
from pathlib import Path

from moderator.clock import SystemClock
from moderator.launch.embedded import EmbeddedGateway


async def main() -> None:
    gateway = EmbeddedGateway(Path(sys.argv[1]), Path(sys.argv[2]), SystemClock())
    access = await gateway.start()
    sys.stdout.write(f"{access.url} {access.token} {gateway.pid}\n")
    sys.stdout.flush()
    await gateway.run(lambda status: None)


if __name__ == "__main__":
    asyncio.run(main())
