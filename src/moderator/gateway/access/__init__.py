"""Who may do what: tokens and their keys, signing in, patterns, revocation, limits, the record of denials."""
