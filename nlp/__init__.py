"""Text in, judgement out: no web, no database, no training."""
