"""About this program: its versions, where its files are, whose work it is made of, and its log."""
