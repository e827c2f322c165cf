"""The audit: searched, exported, vouched for by checkpoints, trimmed, and freed of a person who is to be erased."""
