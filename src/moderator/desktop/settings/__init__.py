"""What the user chooses: one window, one page for each subject."""
