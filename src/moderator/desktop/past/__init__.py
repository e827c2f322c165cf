"""Looking back: the selected room as it was at an earlier moment, read-only."""
