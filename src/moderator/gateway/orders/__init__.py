"""The routes by which moderators and applications decide."""
