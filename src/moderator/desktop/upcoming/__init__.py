"""What is announced: appointments that come, and who is missing from those that should have begun."""
