"""What becomes of a wish: its meaning, whether it can be granted, the request, the outcome, and taking it back."""
