"""Signing in, and out: the routes that hand out tokens and take them away."""
