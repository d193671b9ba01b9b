"""The transformer reader: its network, its training and its serving."""
