"""doccano's and Prodigy's JSON Lines, and spaCy's DocBin: texts with labelled stretches.

None has a place of its own for labels of a whole contact. They travel as metadata under
``contact``, which these tools carry along untouched.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, DocBin

from annotation.exchange.marks import Mark, Record, to_marks, to_spans
from annotation.exchange.offsets import from_utf16, utf16_offsets
from annotation.exchange.tokens import blank_english, cut, make_doc
from nlp.errors import CorpusError

_CONTACT = "contact"
# Where spaCy's span categoriser looks: spans here may lie over each other, entities may not.
_SPANS_KEY = "sc"


def to_doccano(record: Record) -> Record:
    """Give a line of a sequence labelling project; doccano counts UTF-16 units."""
    units = utf16_offsets(record["text"])
    labels = [[units[mark.start], units[mark.end], mark.label] for mark in to_marks(record)]
    # As a string, because doccano takes columns of metadata, not trees.
    contact = json.dumps(_of_the_contact(record), ensure_ascii=False)
    return {"text": record["text"], "label": labels, _CONTACT: contact}


def from_doccano(line: Record) -> Record:
    """Give the record of a line; ``label`` is what older versions of doccano call ``labels``."""
    units = utf16_offsets(line["text"])
    labels = line["label"] if "label" in line else line["labels"]
    marks = [
        Mark(from_utf16(units, start), from_utf16(units, end), what) for start, end, what in labels
    ]
    return _join(line["text"], marks, json.loads(line[_CONTACT]))


def to_prodigy(record: Record) -> Record:
    """Give a task for ``spans.manual``; Prodigy counts code points, and tokens with the last."""
    text, marks = record["text"], to_marks(record)
    pieces = cut(text, marks)
    first = {piece.start: number for number, piece in enumerate(pieces)}
    last = {
        end: number
        for number, piece in enumerate(pieces)
        for end in (piece.end, piece.end + piece.spaced)
    }
    tokens = [
        {
            "id": number,
            "text": text[p.start : p.end],
            "start": p.start,
            "end": p.end,
            "ws": p.spaced,
        }
        for number, p in enumerate(pieces)
    ]
    spans = [
        {
            "start": m.start,
            "end": m.end,
            "label": m.label,
            "token_start": first[m.start],
            "token_end": last[m.end],
        }
        for m in marks
    ]
    return {
        "text": text,
        "tokens": tokens,
        "spans": spans,
        "answer": "accept",
        "meta": {"id": record["id"]},
        _CONTACT: _of_the_contact(record),
    }


def from_prodigy(task: Record) -> Record:
    """Give the record of a task."""
    marks = [Mark(span["start"], span["end"], span["label"]) for span in task.get("spans", ())]
    return _join(task["text"], marks, task[_CONTACT])


def prodigy_annotator(task: Record) -> str | None:
    """Give the name under which a task was answered."""
    return task.get("_annotator_id")


def to_doc(record: Record) -> Doc:
    """Give a spaCy document with the marks in ``doc.spans["sc"]``."""
    marks = to_marks(record)
    doc = make_doc(record["text"], cut(record["text"], marks))
    spans = (doc.char_span(mark.start, mark.end, label=mark.label) for mark in marks)
    doc.spans[_SPANS_KEY] = [span for span in spans if span is not None]
    if len(doc.spans[_SPANS_KEY]) != len(marks):
        raise CorpusError("a mark begins or ends inside a token; cut the tokens at every mark")
    doc.user_data[_CONTACT] = _of_the_contact(record)
    return doc


def from_doc(doc: Doc) -> Record:
    """Give the record of a spaCy document."""
    marks = [Mark(s.start_char, s.end_char, s.label_) for s in doc.spans[_SPANS_KEY]]
    return _join(doc.text, marks, doc.user_data[_CONTACT])


def save_docs(docs: Sequence[Any], path: Path) -> None:
    """Write the documents as one ``.spacy`` file."""
    DocBin(docs=docs, store_user_data=True).to_disk(path)


def load_docs(path: Path) -> tuple[list[Any], int]:
    """Give the documents of a ``.spacy`` file, none left out."""
    return list(DocBin().from_disk(path).get_docs(blank_english().vocab)), 0


def save_lines(tasks: Sequence[Any], path: Path) -> None:
    """Write JSON Lines."""
    lines = (json.dumps(task, ensure_ascii=False) + "\n" for task in tasks)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def load_lines(path: Path) -> tuple[list[Any], int]:
    """Give the tasks of JSON Lines, and how many an annotator rejected or passed over."""
    lines = path.read_text(encoding="utf-8").split("\n")
    tasks = [json.loads(line) for line in lines if line.strip()]
    kept = [task for task in tasks if task.get("answer", "accept") == "accept"]
    return kept, len(tasks) - len(kept)


def _of_the_contact(record: Record) -> Record:
    return {name: value for name, value in record.items() if name not in {"text", "spans"}}


def _join(text: str, marks: Sequence[Mark], contact: Record) -> Record:
    return {**contact, "text": text, "spans": to_spans(marks)}
