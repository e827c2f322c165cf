"""Many rooms at once: how many need somebody, when they end, where they are and who watches them."""
