"""How long leaders wait where a million contacts are counted; run by hand, never by the tests."""
