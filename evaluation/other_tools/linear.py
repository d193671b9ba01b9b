"""The TF-IDF reader, trained without a third of the authors and kept for the next run."""

from __future__ import annotations

from pathlib import Path

from annotation.contrast_sets import load_contrasts
from evaluation.contestants import CONFIG
from evaluation.other_tools.thirds import Thirds
from models.artefact import Origin, load_tfidf, save_reader
from models.config import load_config
from models.tfidf import TfidfReader
from models.train import fit_tfidf
from nlp.errors import ArtefactError


def linear_folder(thirds: Thirds, fold: int) -> Path:
    """Give where the reader without this third is kept."""
    return thirds.work / f"linear_{fold}"


def linear_reader(thirds: Thirds, fold: int) -> TfidfReader:
    """Give the reader that has not seen the authors of this third; it is trained once."""
    folder = linear_folder(thirds, fold)
    try:
        return load_tfidf(folder)
    except ArtefactError:
        reader = fit_tfidf(thirds.train(fold), load_config(CONFIG), contrasts=load_contrasts())
    origin = Origin(CONFIG.read_text(encoding="utf-8"), "Of a comparison; not released.\n", {})
    save_reader(reader, folder, origin)
    return reader
