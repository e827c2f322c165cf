"""Janus with its VideoRoom plugin: events over HTTP (sampleevh), commands through the Admin API."""

from moderator.providers.janus.provider import JanusProvider

__all__ = ["JanusProvider"]
