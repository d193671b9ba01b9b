"""One run, from a config file to a folder that the reader loads."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from annotation.corpus import fingerprint
from annotation.flag_sentences import FlagText, fingerprint_texts
from annotation.hollow_texts import HollowText
from annotation.labels import LabelledContact
from annotation.splits import Fold, leave_authors_out, refuse_held_back
from models.config import TfidfConfig
from models.fit_hollow import fit_hollow, record_of, write_hollow
from models.joined import joint_to_content
from models.joining import find_ruled, fit_joint
from models.train import fit_tfidf
from models.transformer.artefact import CARD, JOINT, RUN, write_manifest
from models.transformer.as_served import answer_as_served, known_of
from models.transformer.card import write_card
from models.transformer.config import Run
from models.transformer.export import export_encoder, export_heads, shrink_encoder, shrink_heads
from models.transformer.fitting import fit_scales
from models.transformer.left_out import joined_figures
from models.transformer.networks import Networks
from models.transformer.parity import flips
from models.transformer.reader import (
    ENCODER,
    HEADS,
    HOLLOW,
    KNOWN,
    SCALES,
    TOKENIZER,
    TransformerReader,
    open_vectors,
    read_known,
    to_reading,
)
from models.transformer.scoring import figures
from models.transformer.targets import Example
from models.transformer.training import Logits, Network
from nlp.document import read_document
from nlp.domain import Contact
from nlp.errors import ReferralQualityError
from nlp.reading import Reading

BASE_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the weights of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), rev 1110a243."""

PACKAGES = ("torch", "onnx", "onnxruntime", "tokenizers", "numpy", "scikit-learn")


class BaseWeightsError(ReferralQualityError):
    """The published encoder is not the one that was checked."""


def release(
    run: Run,
    contacts: Sequence[LabelledContact],
    *,
    contrasts: Sequence[LabelledContact],
    flag_texts: Sequence[FlagText],
    hollow_texts: Sequence[HollowText],
    linear: TfidfConfig,
    base: Path,
    work: Path,
    folder: Path,
) -> dict[str, Any]:
    """Train on every author and on all but each fold of them, and write the served files.

    The networks that left authors out give the answers that scales, thresholds and level sets
    are fitted on, and the figures that the record tells.

    Args:
        run: The options.
        contacts: What to learn from.
        contrasts: What teaches all but elements, beside them; every network reads all.
        flag_texts: What teaches flags alone; every network reads all.
        hollow_texts: What says nothing of any child, and is set aside.
        linear: The run of the linear reader that the transformer is joined with.
        base: Folder of the published encoder (``model.safetensors``, ``tokenizer.json``).
        work: Folder for checkpoints; a run that was cut off goes on from them.
        folder: Where the served files go.

    Returns:
        The record of the run, also written beside the files.

    Raises:
        BaseWeightsError: If the published weights are not those expected.
        CorpusError: If a contact of the dev split is among *contacts*.
    """
    check_base(base)
    torch.set_num_threads(run.threads)
    for place in (work, folder):
        place.mkdir(parents=True, exist_ok=True)
    refuse_held_back([*contacts, *contrasts])
    networks = Networks(run, base, contacts, contrasts, flag_texts, work)
    networks.train()
    unseen, curves = networks.answers_left_out()
    final, curves["all"] = networks.fit(None)
    _write(final, base, folder)
    known = known_of([*contacts, *contrasts])
    (folder / KNOWN).write_text(json.dumps(sorted(known), ensure_ascii=False), encoding="utf-8")
    _write_hollow(contacts, hollow_texts, folder)
    kept = networks.asked
    scales = fit_scales(kept, unseen)
    pair = (
        [
            to_reading(logits, scales, ppn=bool(example.form))
            for logits, example in zip(unseen, kept, strict=True)
        ],
        _linear_left_out(run, contacts, contrasts, linear),
    )
    ruled = find_ruled(contacts)
    joint = fit_joint(contacts, *pair, flags=run.flags, ruled=ruled)
    for name, fitted in ((SCALES, asdict(scales)), (JOINT, joint_to_content(joint))):
        (folder / name).write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
    record = _record(networks, curves) | record_of(hollow_texts)
    record |= {
        "networks": run.folds,
        "left_out_contacts": len(kept),
        "left_out": figures(kept, unseen),
        "joined_left_out": joined_figures(contacts, kept, *pair, flags=run.flags, ruled=ruled),
        "flips": _flips(kept, answer_as_served(final, kept, base=base, known=known), folder),
    }
    (folder / RUN).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (folder / CARD).write_text(write_card(record), encoding="utf-8")
    write_manifest(folder, name=f"transformer {run.version}")
    return record


def check_base(base: Path) -> None:
    """Refuse a published encoder that is not the one expected.

    Raises:
        BaseWeightsError: If the SHA-256 of its weights is another.
    """
    found = hashlib.sha256((base / "model.safetensors").read_bytes()).hexdigest()
    if found != BASE_WEIGHTS:
        raise BaseWeightsError(
            f"model.safetensors has SHA-256 {found}, expected {BASE_WEIGHTS}; "
            "take the file from sentence-transformers/all-MiniLM-L6-v2"
        )


def _linear_left_out(
    run: Run,
    contacts: Sequence[LabelledContact],
    contrasts: Sequence[LabelledContact],
    config: TfidfConfig,
) -> list[Reading]:
    """What the linear reader reads in every contact, trained without its author, in order."""
    folds = leave_authors_out(contacts, groups=run.folds)
    read = partial(_read_left_out, contrasts, config)
    with ProcessPoolExecutor(run.processes, mp_context=get_context("spawn")) as pool:
        parts = tqdm(pool.map(read, folds), total=run.folds, desc="linear reader")
        readings = dict(chain.from_iterable(parts))
    return [readings[contact.id] for contact in contacts]


def _read_left_out(
    contrasts: Sequence[LabelledContact], config: TfidfConfig, fold: Fold
) -> list[tuple[str, Reading]]:
    """In a process of its own: read the contacts of the authors left out, by id."""
    reader = fit_tfidf(fold.train, config, contrasts=contrasts)
    return [
        (c.id, reader.read(Contact(c.text, c.form, c.agency), read_document(c.text)))
        for c in fold.test
    ]


def _write(network: Network, base: Path, folder: Path) -> None:
    full = folder / "full.onnx"
    export_encoder(network.encoder, full)
    shrink_encoder(full, folder / ENCODER)
    export_heads(network.heads, full)
    shrink_heads(full, folder / HEADS)
    full.unlink()
    shutil.copyfile(base / TOKENIZER, folder / TOKENIZER)


def _write_hollow(
    contacts: Sequence[LabelledContact], texts: Sequence[HollowText], folder: Path
) -> None:
    vectors = open_vectors(folder, threads=torch.get_num_threads(), remember=1)
    model = fit_hollow(contacts, texts, vectors=vectors, known=read_known(folder))
    write_hollow(model, folder / HOLLOW)


def _flips(
    examples: Sequence[Example], trained: Sequence[Logits], folder: Path
) -> dict[str, float]:
    served = TransformerReader.load(folder, name="served")
    given = [served.logits(example.texts, ppn=bool(example.form)) for example in examples]
    return flips(trained, given)


def _record(networks: Networks, curves: dict[str, list[float]]) -> dict[str, Any]:
    return {
        "run": asdict(networks.run),
        "corpus": fingerprint(networks.contacts),
        "contacts": len(networks.contacts),
        "contrasts": len(networks.contrasts),
        "contrasts_fingerprint": fingerprint(networks.contrasts),
        "flag_texts": len(networks.flag_texts),
        "flag_texts_fingerprint": fingerprint_texts(networks.flag_texts),
        "base_weights": BASE_WEIGHTS,
        "versions": {"python": platform.python_version()} | {p: version(p) for p in PACKAGES},
        "curves": curves,
    }
