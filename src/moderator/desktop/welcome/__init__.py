"""The first run: look around, connect a platform, or go to a gateway that runs already."""
