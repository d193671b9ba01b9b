"""Signing in with the account of a council, a police force or the NHS: OpenID Connect."""
