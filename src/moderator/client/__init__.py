"""A moderator's side of the wire: the feed read and kept up to date, commands, the gateway's clock. No window."""
