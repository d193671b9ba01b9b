"""The demonstration: made-up agencies, people and contacts of an area that does not exist."""
