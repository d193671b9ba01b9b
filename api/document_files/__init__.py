"""An uploaded form, whatever kind of file it is, to its text."""
