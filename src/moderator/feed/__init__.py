"""The language between gateway and desktop, without any input or output: messages, their encoding, and a feed's
session.
"""
