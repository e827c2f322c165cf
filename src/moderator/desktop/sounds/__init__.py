"""What warnings sound like: the cues, and the way to the machine's speaker."""
