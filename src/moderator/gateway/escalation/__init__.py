"""What nobody takes care of in time is told beyond the window."""
