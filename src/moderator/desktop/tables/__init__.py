"""Tables of the window: which room stands where, and how a row is painted."""
