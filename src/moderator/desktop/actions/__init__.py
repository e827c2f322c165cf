"""Every command of the window: the table, the keys in force, what each does, and the menus made of it."""
