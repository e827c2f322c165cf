"""The rtcStats sessions of a person or of a call, and how good one was over time."""
