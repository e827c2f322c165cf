"""What is counted over all rooms, by differences. Pure."""
