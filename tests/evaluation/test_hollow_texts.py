"""How much is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from annotation.corpus import load_first
from annotation.hollow_texts import HollowText, Kind
from evaluation.hollow_texts import Share, count_aside, count_evidence, together
from models.set_aside import with_all, without
from nlp.assessment import FlagFinding
from nlp.domain import Contact, Document
from nlp.reading import Reading, Thresholds
from tests.fakes import FakeReader


@dataclass(frozen=True)
class Aside:
    """Sets aside every sentence with the word."""

    word: str
    name: str = "fake"
    thresholds: Thresholds = FakeReader().thresholds

    def read(
        self, contact: Contact, document: Document, ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        aside = {i for i, s in enumerate(document.sentences) if self.word in s.text}
        return with_all(FakeReader().read(contact, without(document, aside), ruled), aside)


def _text(code: str, writer: str, kind: Kind, text: str) -> HollowText:
    return HollowText(id=code, writer=writer, kind=kind, text=text)


def test_sentences_are_counted_by_writer_and_kind() -> None:
    texts = [
        _text("H0001", "A", Kind.FOOTER, "A footer. Nothing else."),
        _text("H0002", "A", Kind.FOOTER, "A footer."),
        _text("H0003", "B", Kind.REAL, "She has no footer at home."),
    ]
    shares = count_aside(texts, Aside("footer"))
    assert shares == {("A", Kind.FOOTER): Share(2, 3), ("B", Kind.REAL): Share(1, 1)}
    assert together(shares, real=False) == Share(2, 3)
    assert together(shares, real=True) == Share(1, 1)
    assert str(Share(2, 3)) == "2 of 3 (0.667)"


def test_what_stands_above_is_not_counted() -> None:
    texts = [_text("H0001", "A", Kind.FOOTER, "A footer.")]
    assert count_aside(texts, Aside("Ruby")) == {("A", Kind.FOOTER): Share(0, 1)}


def test_evidence_that_is_set_aside_is_found_lost() -> None:
    contact = load_first()[0]
    tells = [s for s in contact.sentences if s.elements]
    words = contact.text[tells[0].start : tells[0].end]
    alone = replace(contact, sentences=(tells[0],))
    assert count_evidence([alone], Aside(words[:20])) == Share(1, 1)
    assert count_evidence([contact], Aside("no such word")) == Share(0, len(tells))
