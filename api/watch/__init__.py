"""Watch for drift of texts, labels, confidence and overrides, and say what an analyst can do."""
