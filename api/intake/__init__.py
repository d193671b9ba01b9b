"""How a contact comes in: stored before it is acknowledged, then read."""
