"""Every command of the window: the table, the keys in force, and the menus. What each does is in `commands`."""
