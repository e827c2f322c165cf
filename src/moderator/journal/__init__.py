"""What happened: the append-only log. `EventLog` is what everybody relies on; one module per store."""
