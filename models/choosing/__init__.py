"""Which contacts to label next: a batch that teaches the readers most, and an honest sample."""
