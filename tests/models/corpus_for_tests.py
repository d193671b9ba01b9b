"""A small labelled corpus by three made-up authors, in which the labels can be learned."""

from __future__ import annotations

from itertools import product

from annotation.labels import LabelledContact, LabelledNotification, LabelledSentence
from models.config import (
    BlockConfig,
    DocumentBlocksConfig,
    HeadConfig,
    PlausibleConfig,
    SentenceBlocksConfig,
    SoftConfig,
    TfidfConfig,
)
from nlp.domain import (
    LEVELS,
    Agency,
    Certainty,
    Element,
    Form,
    Level,
    NeedDomain,
    Reason,
    Status,
    Urgency,
)

CONCERNS = {
    Level.UNIVERSAL: "Football went through a neighbour's window.",
    Level.EARLY_HELP: "Bedtimes are hard and school mornings are late.",
    Level.CHILD_IN_NEED: "The home is filthy and meals are missed every week.",
    Level.CHILD_PROTECTION: "The child was punched and has a broken arm.",
}
DOMAINS = {
    Level.EARLY_HELP: NeedDomain.PARENTING_SUPPORT,
    Level.CHILD_IN_NEED: NeedDomain.NEGLECT,
    Level.CHILD_PROTECTION: NeedDomain.PHYSICAL_ABUSE,
}
URGENCY = {Level.CHILD_IN_NEED: Urgency.AMBER, Level.CHILD_PROTECTION: Urgency.RED}
CONSENT = {Status.MET: "Mum gave consent in writing.", Status.PARTLY: "Consent yes."}


def make_contacts(authors: str = "ABC") -> tuple[LabelledContact, ...]:
    kinds = product(authors, Form, LEVELS, (Status.MISSING, Status.PARTLY, Status.MET))
    return tuple(
        make_contact(f"T{author}1{number:03}", form, level, consent)
        for number, (author, form, level, consent) in enumerate(kinds)
    )


def make_contact(name: str, form: Form, level: Level, consent: Status) -> LabelledContact:
    said = [(CONCERNS[level], Element.CONCERN)]
    if consent is not Status.MISSING:
        said.append((CONSENT[consent], Element.CONSENT))
    unwanted = level is Level.UNIVERSAL
    return LabelledContact(
        id=name,
        author=name[:3],
        form=form,
        agency=Agency.POLICE,
        role="officer",
        text="\n".join(text for text, _ in said),
        sentences=_sentences(said),
        status=dict.fromkeys(Element, Status.MISSING)
        | {Element.CONCERN: Status.MET, Element.CONSENT: consent},
        level=level,
        alternative_level=Level.EARLY_HELP if level is Level.CHILD_IN_NEED else None,
        certainty=Certainty.BORDERLINE if level is Level.CHILD_IN_NEED else Certainty.CLEAR,
        urgency=URGENCY.get(level, Urgency.GREEN),
        domains=frozenset({DOMAINS[level]} if level in DOMAINS else ()),
        notification=LabelledNotification(
            not unwanted, frozenset({Reason.NO_WELFARE_CONCERN} if unwanted else ())
        )
        if form is Form.PPN
        else None,
        people=(),
    )


def _sentences(said: list[tuple[str, Element]]) -> tuple[LabelledSentence, ...]:
    found, start = [], 0
    for text, element in said:
        found.append(LabelledSentence(start, start + len(text), frozenset({element}), ()))
        start += len(text) + 1
    return tuple(found)


def make_config() -> TfidfConfig:
    block = BlockConfig(weight=1.0, at_least=1)
    head = HeadConfig(cost=1.0, balance=0.0, smoothing=0.1, emphasis=0.3)
    return TfidfConfig(
        name="small",
        version="0",
        seed=1,
        folds=3,
        sentence_blocks=SentenceBlocksConfig(words=block, parts=block, around=block, place=block),
        document_blocks=DocumentBlocksConfig(words=block, parts=block, threes=block, near=block),
        elements=head,
        status=head,
        level=head,
        certainty=head,
        domains=head,
        urgency=head,
        notification=head,
        soft=SoftConfig(alternative_level=0.2),
        plausible=PlausibleConfig(coverage=0.9, coverage_protection=0.95),
    )
