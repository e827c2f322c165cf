"""Vonage Video, and OpenTok, its older environment: the same API at two hosts, with two kinds of credentials."""

from moderator.providers.vonage.provider import OpenTokProvider, VonageProvider

__all__ = ["OpenTokProvider", "VonageProvider"]
