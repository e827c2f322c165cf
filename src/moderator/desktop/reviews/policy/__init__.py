"""What policies that only observe would have done."""
