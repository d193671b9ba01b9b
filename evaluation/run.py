"""One run of the evaluation: measure, note the look at dev, give the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from annotation.agreement import AgreementTable, compare_annotators
from annotation.corpus import (
    fingerprint,
    load_train,
    load_twice_labelled,
    load_unread,
    load_unread_second,
)
from annotation.labels import LabelledContact
from evaluation.bootstrap import RESAMPLES, SEED
from evaluation.ceiling import measure_ceilings
from evaluation.contestants import (
    READER,
    TITLES,
    judge_dev,
    judge_unread,
    unseen_contestants,
)
from evaluation.evaluate import judge_unseen
from evaluation.figures import SplitFigures, measure_split
from evaluation.flag_contacts import load_flag_contacts
from evaluation.flag_sources import flags_of_new_writers, measure_sources
from evaluation.looks import LOG, Look, check_may_look, note_look, read_looks, this_release
from evaluation.report import AUTHORS_LEFT_OUT, DEV, UNREAD, Report
from evaluation.segmentation import measure_segmentation
from models.predict import load_reader
from nlp.guidance import DEFAULT_FRAMEWORK
from nlp.rules import load_rulebook

# Short contacts by a writer who had not seen the rules; they may be looked at at any time.
NEW_WRITERS = "unread"
# A quick run leaves out this many authors and draws this many resamples.
QUICK_FOLDS, QUICK_RESAMPLES = 2, 200


def run_evaluation(
    *, dev: bool, quick: bool = False, processes: int = 2, log: Path = LOG
) -> Report:
    """Measure the released reader; a look at dev is noted in *log* before anybody sees it.

    Args:
        dev: Also measure on dev.
        quick: Leave out few authors and draw few resamples.
        processes: How many readers are trained at a time.
        log: The evaluation log.

    Raises:
        LooksError: If dev may not be looked at now.
    """
    if dev:
        check_may_look(read_looks(log), release=this_release())
    resamples = QUICK_RESAMPLES if quick else RESAMPLES
    train, unread, twice = load_train(), load_unread(), load_twice_labelled()
    reader = load_reader()
    splits = {
        AUTHORS_LEFT_OUT: _measure_unseen(train, quick, processes, resamples),
        UNREAD: measure_split(
            UNREAD,
            judge_unread(unread, load_unread_second(), train, reader),
            reader=READER,
            resamples=resamples,
        ),
    }
    contacts: dict[str, tuple[LabelledContact, ...]] = {
        AUTHORS_LEFT_OUT: train,
        UNREAD: unread,
    }
    if dev:
        outcomes = judge_dev(twice, train, reader)
        splits[DEV] = measure_split(DEV, outcomes, reader=READER, resamples=resamples)
        contacts[DEV] = tuple(contact.adjudicated for contact in twice)
    report = Report(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        release=this_release(),
        reader=reader.name,
        rulebook=load_rulebook().version,
        framework=DEFAULT_FRAMEWORK,
        reader_code=READER,
        quick=quick,
        resamples=resamples,
        seed=SEED,
        corpus={name: fingerprint(known) for name, known in contacts.items()},
        contestants=TITLES,
        splits=splits,
        agreement=_agreement(compare_annotators(twice)),
        segmentation={name: _segmentation(known) for name, known in contacts.items()},
        ceilings={
            name: measure_ceilings(
                twice, adjudicated=name == DEV, measured=split.contacts, resamples=resamples
            )
            for name, split in splits.items()
        },
        new_writers=measure_sources(
            flags_of_new_writers(load_flag_contacts(NEW_WRITERS), reader), resamples=resamples
        ),
    )
    if dev:
        note_look(to_look(report), log)
    return report


def to_look(report: Report) -> Look:
    """Give the entry of the evaluation log for a report that holds dev."""
    figures = report.splits[DEV].figures[report.reader_code]
    return Look(
        made=report.made,
        release=report.release,
        looked_at=DEV,
        corpus=report.corpus[DEV],
        reader=report.reader,
        rulebook=report.rulebook,
        figures={code: _rounded(figure.value) for code, figure in figures.items()},
    )


def _measure_unseen(
    train: tuple[LabelledContact, ...],
    quick: bool,  # noqa: FBT001 - private
    processes: int,
    resamples: int,
) -> SplitFigures:
    outcomes = judge_unseen(
        unseen_contestants(), train, processes=processes, folds=QUICK_FOLDS if quick else None
    )
    return measure_split(
        AUTHORS_LEFT_OUT, outcomes, reader=READER, resamples=resamples, list_mistakes=True
    )


def _agreement(table: AgreementTable) -> dict[str, Mapping[str, float]]:
    return {name.replace("_", " against "): figures for name, figures in asdict(table).items()}


def _segmentation(contacts: tuple[LabelledContact, ...]) -> dict[str, float]:
    result = measure_segmentation(contacts)
    return {
        "boundary_f1": result.boundary_f1_score,
        "whole_sentence_f1": result.span_f1_score,
        "boundary_f1_of_the_hardest_author": result.boundary_f1_score_by_author[
            result.lowest_author
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
