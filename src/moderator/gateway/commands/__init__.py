"""Commands carried out on the platforms, and what shows that they were done."""
