"""Any room, person or command by a few letters: what can be chosen, what is found, and the list that shows it."""
