"""What hub staff do: see contacts in order, decide, answer, and check each other's work."""
