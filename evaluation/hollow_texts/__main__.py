"""Print what the served reader sets aside: ``python -m evaluation.hollow_texts``.

Of ``annotation/hollow_texts/unread.jsonl``, by writers whose texts taught nothing, and of the
evidence of the unread contacts.
"""

from __future__ import annotations

from annotation.corpus import load_unread
from annotation.hollow_texts import UNREAD, load_hollow_texts
from evaluation.hollow_texts import count_aside, count_evidence, together
from models.predict import load_reader


def main() -> None:
    """Measure the served reader."""
    reader = load_reader()
    shares = count_aside(load_hollow_texts(UNREAD), reader)
    print(f"read by {reader.name}; sentences set aside, by writer and kind")
    for (writer, kind), share in shares.items():
        print(f"  {writer} {kind:16} {share}")
    print(f"  all that say nothing     {together(shares, real=False)}")
    print(f"  all that tell something  {together(shares, real=True)}")
    print(f"  evidence of the unread contacts  {count_evidence(load_unread(), reader)}")


if __name__ == "__main__":
    main()
