"""Dialogs for what cannot be done with one key: each asks, shows the effect, and emits what was decided."""
