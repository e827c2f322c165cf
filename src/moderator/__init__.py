"""Moderator: a dashboard and a gateway for the moderators of live video sessions."""

__version__ = "0.1.0"
