"""How people name a contact to each other: short, and without a word of it."""

from __future__ import annotations

import re

LENGTH = 10  # of the id's 32 hexadecimal digits: two alike among 100,000 have a chance of 1 in 200
_WRITTEN = re.compile(rf"[0-9A-F]{{{LENGTH}}}")


def reference_of(contact_id: str) -> str:
    """Give the reference of a contact, such as ``3F2A9-C1B40``."""
    digits = contact_id[:LENGTH].upper()
    return f"{digits[:5]}-{digits[5:]}"


def start_of_id(written: str) -> str | None:
    """Give how the ids of contacts with this reference start; ``None`` if it is not one."""
    digits = re.sub(r"[\s-]", "", written).upper()
    return digits.lower() if _WRITTEN.fullmatch(digits) else None
