"""What is true about live rooms: facts, decisions, and the fold of both. Pure: no I/O, no clock, no asyncio, no Qt."""
