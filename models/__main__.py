"""Train a reader, and see to it that only a good one serves.

``python -m models train models/configs/tfidf.toml`` trains the linear reader from the corpus. With
a council's own labels (docs/local-labels.md): ``choose CONTACTS --most N --output BATCH`` says
which to label next, ``split LABELLED --output LOCAL``, ``train CONFIG --local LOCAL --output
CANDIDATE``, and of a folder of readers ``release CANDIDATE --readers DIR``, ``rollback --readers
DIR`` and ``releases --readers DIR``.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from tqdm import tqdm

from annotation.contrast_sets import load_contrasts
from annotation.corpus import load_corpus, load_train
from models import release_history, releases
from models.artefact import Origin, save_reader
from models.choosing.committee import load_committee
from models.choosing.config import CONFIG as CHOOSING
from models.choosing.config import load_choosing_config
from models.choosing.files import choose, load_pool, save_chosen, write_table
from models.local.candidates import complete_candidate, refuse_existing
from models.local.lessons import Lesson, corpus_lesson, local_lesson
from models.local.splitting import SEED, SHARE, load_labelled, split_local
from models.model_card import write_card
from models.predict import TFIDF
from models.shortening import ELSEWHERE, SHIPPED, Shortening
from models.train import Trained, fit_steps, train_tfidf
from nlp.errors import ArtefactError, ReferralQualityError


def main(arguments: list[str] | None = None) -> int:
    """Run the command of the given arguments; 0 where all is well."""
    chosen = _parser().parse_args(arguments)
    verbs = {
        "train": _train,
        "split": _split,
        "release": _release,
        "rollback": _roll_back,
        "releases": _list_releases,
        "choose": _choose,
    }
    try:
        verbs[chosen.verb](chosen)
    except ReferralQualityError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    train = verbs.add_parser("train", help="train the TF-IDF reader and save it with its card")
    train.add_argument("config", type=Path, help="the training run, a TOML file")
    train.add_argument("--corpus", type=Path, help="labelled contacts; the product's own if none")
    train.add_argument("--local", type=Path, help="folder that split wrote: learn from it too")
    train.add_argument(
        "--base", type=Path, help="with --local: the reader whose other parts are kept (shipped)"
    )
    train.add_argument("--output", type=Path, help="folder of the reader, or of the candidate")
    split = verbs.add_parser("split", help="part local labels, once: to learn from, and locked")
    split.add_argument("labelled", type=Path, help="JSON Lines file, or a folder of them")
    split.add_argument("--output", type=Path, required=True, help="folder of both parts")
    split.add_argument("--share", type=float, default=SHARE, help=f"how much is locked ({SHARE})")
    split.add_argument("--seed", type=int, default=SEED, help="another seed, another drawing")
    _add_releases(verbs)
    choose = verbs.add_parser("choose", help="choose which contacts to label next")
    choose.add_argument("contacts", type=Path, help="JSON Lines file of contacts without labels")
    choose.add_argument("--most", type=int, required=True, help="how many")
    choose.add_argument("--output", type=Path, required=True, help="file of the chosen contacts")
    choose.add_argument("--labelled", type=Path, help="local labels so far, a file or a folder")
    choose.add_argument("--config", type=Path, default=CHOOSING, help="weights, a TOML file")
    choose.add_argument("--seed", type=int, default=SEED, help="another seed, another drawing")
    return parser


def _add_releases(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    release = verbs.add_parser("release", help="put a candidate in service, if its gate is open")
    release.add_argument("candidate", type=Path, help="folder that evaluation compare has judged")
    back = verbs.add_parser("rollback", help="put back the reader that the present one replaced")
    back.add_argument("--to", type=int, help="another version; 0 is the shipped reader")
    listed = verbs.add_parser("releases", help="list what was released and rolled back")
    for verb in (release, back, listed):
        verb.add_argument("--readers", type=Path, required=True, help="the folder of readers")
    release.add_argument("--why", required=True, help="kept in the history; no personal data")
    back.add_argument("--why", default="not told", help="kept in the history; no personal data")


def _train(chosen: argparse.Namespace) -> None:
    contacts = load_corpus(chosen.corpus) if chosen.corpus else load_train()
    contrasts = () if chosen.corpus else load_contrasts()
    if not chosen.local:
        kept = ELSEWHERE if chosen.output else SHIPPED
        lesson = corpus_lesson(contacts, chosen.config, contrasts=contrasts)
        _save(lesson, chosen.output or TFIDF, kept)
        return
    output: Path | None = chosen.output
    if output is None:
        raise ArtefactError("--local makes a candidate: say where, with --output")
    refuse_existing(output)
    lesson = local_lesson(contacts, chosen.config, chosen.local, contrasts=contrasts)
    _save(lesson, output / TFIDF.name, ELSEWHERE)
    base = releases.served_folder(chosen.base)
    name = complete_candidate(output, base=base, learnt_from=[*lesson.contacts, *lesson.contrasts])
    print(f"{name} is a candidate: compare it with what is in service before it serves")


def _save(lesson: Lesson, folder: Path, kept: Shortening) -> None:
    started = time.perf_counter()
    trained = _fit(lesson)
    card = write_card(trained.reader, corpus=lesson.facts, figures=trained.figures)
    save_reader(trained.reader, folder, Origin(lesson.source, card, lesson.facts), kept=kept)
    for name, value in trained.figures.items():
        print(f"{name:48}{value:6.3f}")
    print(f"saved to {folder.name} after {time.perf_counter() - started:.0f} seconds")


def _fit(lesson: Lesson) -> Trained:
    steps = fit_steps(lesson.config, authors=int(lesson.facts["authors"]))
    with tqdm(total=steps, desc=f"training {lesson.config.name}", unit="fit") as bar:

        def step() -> None:
            bar.update()

        return train_tfidf(
            lesson.contacts,
            lesson.config,
            contrasts=lesson.contrasts,
            weights=lesson.weights,
            writers=lesson.writers,
            jobs=os.cpu_count() or 1,
            step=step,
        )


def _split(chosen: argparse.Namespace) -> None:
    split = split_local(
        load_labelled(chosen.labelled), chosen.output, share=chosen.share, seed=chosen.seed
    )
    print(f"{split.train_contacts} contacts to learn from, {split.locked_contacts} locked")


def _choose(chosen: argparse.Namespace) -> None:
    local = load_labelled(chosen.labelled) if chosen.labelled else ()
    labelled = (*load_train(), *local)
    pool = load_pool(chosen.contacts, labelled)
    config = load_choosing_config(chosen.config)
    committee = load_committee()
    with tqdm(total=len(pool.records), desc="reading", unit="contact") as bar:

        def step() -> None:
            bar.update()

        batch = choose(
            pool, labelled, committee, config, most=chosen.most, seed=chosen.seed, step=step
        )
    save_chosen(batch, chosen.output)
    print(f"{write_table(batch)}\ndoubt is of {committee.told}")
    if len(batch.records) < chosen.most:
        print(f"asked for {chosen.most}: there are no more")


def _release(chosen: argparse.Namespace) -> None:
    entry = releases.release(chosen.candidate, chosen.readers, why=chosen.why)
    _tell(f"version {entry.version} is in service: {entry.reader}")


def _roll_back(chosen: argparse.Namespace) -> None:
    entry = releases.roll_back(chosen.readers, to=chosen.to, why=chosen.why)
    _tell(f"version {entry.version} is in service again: {entry.reader}")


def _tell(done: str) -> None:
    print(f"{done}\nrestart the service: it loads its reader once")


def _list_releases(chosen: argparse.Namespace) -> None:
    print(release_history.write_table(release_history.read_history(chosen.readers)))


if __name__ == "__main__":
    sys.exit(main())
