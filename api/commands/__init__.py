"""What an operator does from the command line: audit, retention, keys of encryption, rules."""
