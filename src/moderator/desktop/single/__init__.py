"""One room alone: its pane takes the place of the table."""
