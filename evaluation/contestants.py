"""Who is measured: the reader as served, and what it must beat."""

from __future__ import annotations

from collections.abc import Sequence

from annotation.corpus import TwiceLabelled
from annotation.labels import LabelledContact
from evaluation.baselines import Predict, fit_majority, load_keywords
from evaluation.evaluate import Contestant
from evaluation.judge import judge_with
from evaluation.outcomes import Outcome, from_labels

READER, KEYWORDS, MAJORITY = "reader", "keywords", "majority"
