"""What people need to join a room: who may, which room a name means, and the platform's own credentials."""
