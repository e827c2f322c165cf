"""The pane of the selected room: its time, its people, what happened in it."""
