"""What needs the moderator: worked out, shown in the panel, told to the system, and remembered."""
