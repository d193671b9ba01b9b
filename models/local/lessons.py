"""What a reader learns from: the corpus, and with it a council's own contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotation.corpus import fingerprint
from annotation.labels import LabelledContact
from models.config import TfidfConfig, load_config
from models.local.splitting import load_local, load_locked, refuse_locked, refuse_twice
from models.sealing import hash_content

Facts = dict[str, str | int]


@dataclass(frozen=True)
class Lesson:
    """Contacts, how much each counts and who wrote it; the run, its text; facts for the card.

    *contrasts* teach beside them where the run takes them (`annotation.contrast_sets`).
    """

    contacts: tuple[LabelledContact, ...]
    weights: tuple[float, ...]
    writers: tuple[str, ...]
    contrasts: tuple[LabelledContact, ...]
    config: TfidfConfig
    source: str
    facts: Facts


def corpus_lesson(
    contacts: Sequence[LabelledContact], run: Path, *, contrasts: Sequence[LabelledContact] = ()
) -> Lesson:
    """Give the lesson of the corpus alone, by the training run of the TOML file *run*."""
    known, config = tuple(contacts), load_config(run)
    beside = config.takes(contrasts)
    source = run.read_text(encoding="utf-8")
    writers = tuple(contact.author for contact in known)
    facts = corpus_facts(known)
    if beside:
        facts |= {"contrasts": len(beside), "contrasts fingerprint": fingerprint(beside)}
    return Lesson(known, (1.0,) * len(known), writers, beside, config, source, facts)


def local_lesson(
    contacts: Sequence[LabelledContact],
    run: Path,
    folder: Path,
    *,
    contrasts: Sequence[LabelledContact] = (),
) -> Lesson:
    """Give the lesson of the corpus with the local contacts of a parted *folder*.

    The version of the reader is marked with what it was made of, so that every record of its says
    that another reader than the released one answered.

    Raises:
        CorpusError: If the locked part was altered, any contact is in it, or an id stands twice.
    """
    alone = corpus_lesson(contacts, run, contrasts=contrasts)
    local = load_local(folder)
    together = (*alone.contacts, *local)
    refuse_twice(together)
    refuse_locked(together, load_locked(folder))
    facts = {
        **alone.facts,
        **corpus_facts(together),
        "local": len(local),
        "local fingerprint": fingerprint(local),
    }
    made_of = hash_content(f"{alone.source}{facts['fingerprint']}".encode())
    version = f"{alone.config.version}+local.{made_of[:8]}"
    return Lesson(
        contacts=together,
        weights=(*alone.weights, *[alone.config.local.weight] * len(local)),
        writers=(*alone.writers, *(contact.id for contact in local)),
        contrasts=alone.contrasts,
        config=alone.config.model_copy(update={"version": version}),
        source=alone.source,
        facts=facts,
    )


def corpus_facts(contacts: Sequence[LabelledContact]) -> Facts:
    """Give what a card and a manifest say of a corpus."""
    return {
        "contacts": len(contacts),
        "sentences": sum(len(contact.sentences) for contact in contacts),
        "authors": len({contact.author for contact in contacts}),
        "fingerprint": fingerprint(contacts),
    }
