"""Train a reader and save it: ``python -m models train models/configs/tfidf.toml``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tqdm import tqdm

from annotation.corpus import fingerprint, load_corpus, load_train
from annotation.labels import LabelledContact
from models.artefact import Origin, save_reader
from models.config import load_config
from models.model_card import write_card
from models.predict import TFIDF
from models.train import fit_steps, train_tfidf
from nlp.errors import ReferralQualityError


def main(arguments: list[str] | None = None) -> int:
    """Run the command of the given arguments; 0 where all is well."""
    parser = argparse.ArgumentParser(prog="python -m models", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    train = verbs.add_parser("train", help="train the TF-IDF reader and save it with its card")
    train.add_argument("config", type=Path, help="the training run, a TOML file")
    train.add_argument("--corpus", type=Path, help="labelled contacts; the train split if none")
    train.add_argument("--output", type=Path, default=TFIDF, help="folder of the reader")
    chosen = parser.parse_args(arguments)
    try:
        contacts = load_corpus(chosen.corpus) if chosen.corpus else load_train()
        _train(contacts, chosen.config, chosen.output)
    except ReferralQualityError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _train(contacts: tuple[LabelledContact, ...], path: Path, output: Path) -> None:
    config = load_config(path)
    facts = corpus_facts(contacts)
    started = time.perf_counter()
    steps = fit_steps(config, authors=int(facts["authors"]))
    with tqdm(total=steps, desc=f"training {config.name}", unit="fit") as bar:

        def step() -> None:
            bar.update()

        trained = train_tfidf(contacts, config, step=step)
    card = write_card(trained.reader, corpus=facts, figures=trained.figures)
    save_reader(trained.reader, output, Origin(path.read_text(encoding="utf-8"), card, facts))
    for name, value in trained.figures.items():
        print(f"{name:48}{value:6.3f}")
    print(f"saved to {output.name} after {time.perf_counter() - started:.0f} seconds")


def corpus_facts(contacts: tuple[LabelledContact, ...]) -> dict[str, str | int]:
    """Give what a card and a manifest say of a corpus."""
    return {
        "contacts": len(contacts),
        "sentences": sum(len(contact.sentences) for contact in contacts),
        "authors": len({contact.author for contact in contacts}),
        "fingerprint": fingerprint(contacts),
    }


if __name__ == "__main__":
    sys.exit(main())
