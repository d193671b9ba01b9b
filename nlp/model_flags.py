"""Join what a reader makes of each sentence with the safety flags that rules found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.assessment import FlagFinding
from nlp.domain import Assertion, Document
from nlp.quoting import quote
from nlp.reading import Reading, Thresholds


def add_model_flags(
    flags: Sequence[FlagFinding],
    document: Document,
    reading: Reading,
    thresholds: Thresholds,
) -> tuple[FlagFinding, ...]:
    """Give all flags in the order of the text.

    A reader's flag counts where no rule found that flag in that sentence: a rule that found it
    negated or long ago has read the words around it and stands. A flag that a rule raises and the
    reader doubts stays in sight, as words to read; see ``Thresholds.doubted_below``.
    """
    both = _Both(document, reading, thresholds, tuple(s.start for s in document.sentences))
    ruled = [both.doubt(flag) for flag in flags]
    return tuple(sorted([*ruled, *both.seen(flags)], key=lambda flag: (flag.start, flag.end)))


@dataclass(frozen=True)
class _Both:
    document: Document
    reading: Reading
    thresholds: Thresholds
    starts: tuple[int, ...]

    def seen(self, flags: Sequence[FlagFinding]) -> Iterator[FlagFinding]:
        """Give what the reader raises and no rule speaks of."""
        ruled = {(found.flag, self._place(found)) for found in flags}
        pairs = zip(self.document.sentences, self.reading.sentences, strict=True)
        for place, (sentence, read) in enumerate(pairs):
            for flag, probability in read.flags.items():
                if probability >= self.thresholds.flags[flag] and (flag, place) not in ruled:
                    words = quote(self.document, sentence, probability)
                    yield FlagFinding(
                        flag=flag,
                        assertion=Assertion.PRESENT,
                        start=words.start,
                        end=words.end,
                        quote=words.quote,
                        source="model",
                        probability=probability,
                    )

    def doubt(self, found: FlagFinding) -> FlagFinding:
        """Give *found* as it stands, or as doubted.

        The neighbouring sentences are asked too: words may be labelled where they begin or end.
        """
        if found.assertion is not Assertion.PRESENT:
            return found
        place = self._place(found)
        around = self.reading.sentences[max(0, place - 1) : place + 2]
        read = [sentence.flags[found.flag] for sentence in around if found.flag in sentence.flags]
        if (
            not read or max(read) >= self.thresholds.doubted_below
        ):  # a reader of no flags doubts none
            return found
        return found.model_copy(
            update={
                "assertion": Assertion.HYPOTHETICAL,
                "doubted": True,
                "probability": max(read),
            }
        )

    def _place(self, flag: FlagFinding) -> int:
        return bisect_right(self.starts, flag.start) - 1
