"""What is kept: contacts, what was made of them, who may see them and who did.

SQLite is embedded and the default; PostgreSQL is for several servers. Narrative, names and
whatever quotes them are encrypted in the column; nothing else here holds words of a contact.
"""
