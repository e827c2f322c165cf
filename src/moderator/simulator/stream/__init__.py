"""The simulated Stream Video cloud: webhooks, and the server-side REST API (version 2) of a moderation client.

A room is a call `type:id`. Its timer is the platform's own: when a session has lasted as long as the call allows, the
cloud ends the call by itself.
"""
