"""Exports of other systems, column by column, into contacts: checked first, and never twice."""
