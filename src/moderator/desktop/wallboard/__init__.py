"""The wallboard: how it is, on a screen that anybody sees from far away, without names and with nothing to press."""
