"""The same child and family in earlier contacts: probabilities with reasons, never a decision."""
