"""The service: receives provider events, keeps the log, enforces policy, holds the provider secrets, streams the
feed.
"""
