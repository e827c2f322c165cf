"""The simulated Vonage Video cloud: session-monitoring webhooks and the REST calls of a moderation client.

Both environments of the platform: Vonage (Unified) and the older OpenTok.
"""
