"""Simulated clouds for the demo and for tests: a program of its own that speaks a platform's own wire format.

`python -m moderator.simulator` starts one. The rooms and people (`world`, `life`, `people`) are the same for every
platform; each platform's wire is a package. Nothing here knows the gateway, its providers or its domain.
"""
