"""The whole service in a process of its own: killed, without its database, and under many hands."""
