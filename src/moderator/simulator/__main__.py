"""Runs one simulated cloud: `python -m moderator.simulator vonage --webhook URL`."""

import argparse
import asyncio
import sys

import uvicorn

from moderator.clock import SystemClock
from moderator.serving import GRACE_S, listen, ready_line, serve
from moderator.signals import stop_at_end_of_input, stop_signals
from moderator.simulator.app import make_app
from moderator.simulator.arguments import parse
from moderator.simulator.cloud import Platform, Settings
from moderator.simulator.credentials import BadCredentials
from moderator.simulator.delivery import Disorder
from moderator.simulator.platforms import PLATFORMS


def main(arguments: list[str]) -> int:
    """0 when it was asked to stop, 1 when it could not start."""
    options = parse(arguments, PLATFORMS)
    try:
        platform = PLATFORMS[options.platform].make(sys.stdin.buffer.readline(), options)
        asyncio.run(_run(platform, options))
    except (BadCredentials, OSError) as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 1
    return 0


async def _run(platform: Platform, options: argparse.Namespace) -> None:
    settings = Settings(
        webhook=options.webhook,
        rooms=options.rooms,
        speed=options.speed,
        seed=options.seed,
        is_quiet=options.quiet,
        disorder=Disorder(options.late, options.duplicate, options.shuffle),
        appointments=tuple(options.appointments),
        planned=tuple(options.planned),
        gentle_after_s=options.gentle,
    )
    app, stopping = make_app(platform, settings, SystemClock(), options.mode)
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    with listen(options.host, options.port) as listener:
        async with stop_signals() as stop:
            stop_at_end_of_input(stop)
            ready = ready_line(options.host, listener)
            await serve(config, listener, ready, until=(stop,), closing=stopping)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
