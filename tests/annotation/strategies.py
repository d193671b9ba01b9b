"""Random labelled records, right by the annotation guide, with emoji, accents and line ends."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from annotation.records import parse_record, to_record
from nlp.domain import (
    Agency,
    Assertion,
    Certainty,
    Element,
    Form,
    NeedDomain,
    Reason,
    SafetyFlag,
    Urgency,
)

WORDS = st.sampled_from(
    [
        "Tom",
        "hit",
        "Zoë",
        "😀",
        "👨‍👩‍👧",
        "£5",
        "“no”",
        "e\u0301",
        "\u2028x",
        "3/5",
        "don't",
        "(Ava)",
        "🚗y",
        ".",
    ]
)
GAPS = st.sampled_from([" ", "  ", "\r\n", "\n\n", "\t", "\u00a0", "", "\r"])
FLAGS = st.builds(
    lambda flag, how: {"flag": flag.value, "assertion": how.value},
    st.sampled_from(SafetyFlag),
    st.sampled_from(Assertion),
)


def _codes(kind: Any, most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(kind).map(str), unique=True, max_size=most)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """A record as `to_record` writes it."""
    text = draw(GAPS)
    spans: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 5))):
        words = draw(st.lists(WORDS, min_size=1, max_size=4))
        sentence = "".join(word + draw(GAPS) for word in words[:-1]) + words[-1]
        flags = draw(
            st.lists(FLAGS, unique_by=lambda each: (each["flag"], each["assertion"]), max_size=2)
        )
        spans.append(
            {
                "start": len(text),
                "end": len(text) + len(sentence),
                "elements": draw(_codes(Element)),
                "flags": flags,
            }
        )
        text += sentence + draw(GAPS)
    evident = {element for span in spans for element in span["elements"]}
    form = draw(st.sampled_from(Form))
    level = draw(st.integers(1, 4))
    reasons = draw(_codes(Reason)) if level < 3 else []
    others = [None, *({1, 2, 3, 4} - {level})]
    record = {
        "id": "AA1" + str(draw(st.integers(1, 9999))),
        "form": form.value,
        "agency": draw(st.sampled_from(Agency)).value,
        "role": draw(st.sampled_from(["", "head teacher", "PCSO"])),
        "text": text,
        "spans": spans,
        "status": {e.value: draw(st.integers(1, 2)) if e in evident else 0 for e in Element},
        "level": level,
        "alt_level": draw(st.sampled_from(others)),
        "certainty": draw(st.sampled_from(Certainty)).value,
        "urgency": draw(st.sampled_from(Urgency)).value,
        "domains": draw(_codes(NeedDomain)),
        "ppn": {"appropriate": not reasons, "reasons": reasons} if form is Form.PPN else None,
        "people": draw(st.lists(st.sampled_from(["Tom", "Zoë", "Ava"]), unique=True)),
    }
    contact, mistakes = parse_record(record)
    assert contact is not None, mistakes
    return to_record(contact)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two annotators' records of one contact, on the same text and sentences."""
    ours = draw(records())
    spans = [
        span
        | {
            "elements": draw(_codes(Element)),
            "flags": draw(
                st.lists(
                    FLAGS, unique_by=lambda each: (each["flag"], each["assertion"]), max_size=2
                )
            ),
        }
        for span in ours["spans"]
    ]
    evident = {element for span in spans for element in span["elements"]}
    level = draw(st.integers(1, 4))
    reasons = draw(_codes(Reason)) if level < 3 else []
    notified = ours["form"] == Form.PPN
    theirs = ours | {
        "spans": spans,
        "status": {e.value: draw(st.integers(1, 2)) if e in evident else 0 for e in Element},
        "level": level,
        "alt_level": draw(st.sampled_from([None, *({1, 2, 3, 4} - {level})])),
        "urgency": draw(st.sampled_from(Urgency)).value,
        "domains": draw(_codes(NeedDomain)),
        "ppn": {"appropriate": not reasons, "reasons": reasons} if notified else None,
    }
    contact, mistakes = parse_record(theirs)
    assert contact is not None, mistakes
    return ours, to_record(contact)
