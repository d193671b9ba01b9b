"""How likely each safety flag is present in a contact, by all that is known of the contact.

A sentence that names a flag is weighed with the other sentences, with what rules found, and with
what both readers say of the whole: where they see no need above early help, 'he kicked off' is
seldom violence. Of 4,218 contacts of authors left out, 0.90 of those with a flag are found at
precision 0.75, where rules and the surest sentence by themselves found 0.87 at 0.70; what each
part of it does: evaluation/reports/ablations.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.links import Doubles
from models.weighed import LEAST, log_odds
from nlp.assessment import FlagFinding
from nlp.domain import LEVELS, Assertion, Document, SafetyFlag, Urgency
from nlp.model_flags import places_of
from nlp.reading import Reading

_FLAGS = tuple(SafetyFlag)


def flag_features(
    one: Reading,
    other: Reading,
    needs: Doubles,
    *,
    document: Document,
    ruled: Sequence[FlagFinding],
) -> Doubles:
    """Give the features of each flag (20 x 48).

    First the flag's own: the log-odds of the transformer's surest sentence and of the next, how far
    the surest is ahead of the surest of any other flag, and whether a rule finds it present. Then
    those of the contact: the log-probabilities of levels and urgencies by both readers, whether it
    is a police notification, and the log-odds of needs.

    Args:
        one: The transformer's reading, of one sentence or more.
        other: The linear reader's.
        needs: The probabilities of the 29 needs.
        document: The contact's sentences.
        ruled: What rules found in it.
    """
    own = _own(_by_sentence(one, document, ruled), ruled)
    whole = _whole(one, other, needs)
    return np.column_stack([own, np.broadcast_to(whole, (len(_FLAGS), len(whole)))])


def _by_sentence(one: Reading, document: Document, ruled: Sequence[FlagFinding]) -> Doubles:
    """Log-odds (sentences x 20); a rule that finds a flag and not present in a sentence stands."""
    said = np.array([[sentence.flags[flag] for flag in _FLAGS] for sentence in one.sentences])
    placed = list(zip(places_of(document, ruled), ruled, strict=True))
    present = {(at, found.flag) for at, found in placed if found.assertion is Assertion.PRESENT}
    for at, found in placed:
        if (at, found.flag) not in present:
            said[at, _FLAGS.index(found.flag)] = 0.0
    return log_odds(said)


def _own(said: Doubles, ruled: Sequence[FlagFinding]) -> Doubles:
    nothing = log_odds(np.zeros((1, len(_FLAGS))))
    surest, second = np.sort(np.vstack([nothing, said]), axis=0)[:-3:-1]
    first, next_ = np.sort(surest)[:-3:-1]
    lead = np.where(surest == first, surest - next_, surest - first)
    present = {found.flag for found in ruled if found.assertion is Assertion.PRESENT}
    return np.column_stack([surest, second, lead, [flag in present for flag in _FLAGS]])


def _whole(one: Reading, other: Reading, needs: Doubles) -> Doubles:
    said = [
        *(each.level[level] for each in (one, other) for level in LEVELS),
        *(each.urgency[urgency] for each in (one, other) for urgency in Urgency),
    ]
    ppn = [float(one.inappropriate is not None)]
    return np.concatenate([np.log(np.array(said) + LEAST), ppn, log_odds(needs)])
