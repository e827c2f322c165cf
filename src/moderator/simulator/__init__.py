"""Simulated clouds for the demo and for tests: a program of its own that speaks a platform's own wire format.

`python -m moderator.simulator PLATFORM` starts one. What is the same for every platform is here: the rooms and people
(`world`, `life`, `people`), the cloud around them, sending webhooks, the faults, and the routes that direct it all.
Each platform's wire is a package, listed in `platforms`. Nothing here knows the gateway, its providers or its domain.
"""
