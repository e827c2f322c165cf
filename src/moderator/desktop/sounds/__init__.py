"""What warnings sound like: which cue, how loud, and the way to the machine's speaker."""
