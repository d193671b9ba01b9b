"""May a candidate replace the reader in service? Both judge the same locked contacts."""
