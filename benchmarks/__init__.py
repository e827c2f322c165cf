"""Measurements: each module prints its figures; run one with `python -m benchmarks NAME`."""
