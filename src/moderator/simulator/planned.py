"""Appointments that the application has announced: when they begin, under which name, and who really comes."""

import argparse

from msgspec import Struct


class Planned(Struct, frozen=True):
    """One of them, for two: the host comes first."""

    name: str
    at: int
    """Milliseconds since the epoch, UTC."""
    host: str
    visitor: str
    """Who is not expected in vain is named; empty: nobody else comes."""


def planned(text: str) -> Planned:
    """`NAME,MS,HOST,VISITOR`, as on the command line."""
    name, at, host, visitor = (*text.split(","), "", "", "")[:4]
    if not (name and at.isdigit() and host):
        raise argparse.ArgumentTypeError(f"{text} is not NAME,MS,HOST,VISITOR")
    return Planned(name, int(at), host, visitor)
