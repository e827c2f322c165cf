"""A simulated LiveKit cloud: signed webhooks and the room service.

An account is `accounts`; what the messages are made of is `messages`, and how they are written `message_json` and
`protobuf`; what the server knows beside the world is `server`.
"""
