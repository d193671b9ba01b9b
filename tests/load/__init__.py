"""Measurements of the whole service under load; run by hand, never by the tests."""
