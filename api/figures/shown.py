"""Read published figures: the one place that pages, charts, files and the API take them from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import clocks
from api.figures.axes import ALL, GROUP, last_month_of
from api.figures.intervals import Interval, wilson
from api.figures.suppression import FEWEST_FOR_A_RATE
from api.store.tables import Publication, PublishedFigure

HIDDEN = "[c]"  # the government's sign for a number that is left out to protect people

# A publication that is still being written is not there yet.
PUBLISHED = PublishedFigure.publication_id.in_(select(Publication.id))


@dataclass(frozen=True)
class Rate:
    """A share of contacts; ``interval`` is ``None`` where it is hidden or of fewer than ten."""

    count: int | None
    total: int | None
    interval: Interval | None

    @property
    def hidden(self) -> bool:
        """Is a number left out to protect people?"""
        return self.count is None or self.total is None


class Figures:
    """Published figures of some measures, by period, agency, form and category.

    What is not there was nought, if the agency or group was published in that period; ``None`` is
    hidden, or never was.
    """

    def __init__(
        self,
        values: dict[tuple[str, str, str, str, str], float | None],
        publications: Sequence[Publication],
    ) -> None:
        self._values, self._publications = values, publications

    @classmethod
    def load(
        cls,
        session: Session,
        measures: Sequence[str],
        *,
        agencies: Sequence[str] | None = None,
        periods: Sequence[str] | None = None,
        form: str = ALL,
    ) -> Figures:
        """Read the figures of *measures* on one form, of some agencies and periods or of all."""
        wanted = select(PublishedFigure).where(
            PUBLISHED, PublishedFigure.measure.in_(measures), PublishedFigure.form == form
        )
        if agencies is not None:
            wanted = wanted.where(PublishedFigure.agency.in_(agencies))
        if periods is not None:
            wanted = wanted.where(PublishedFigure.period.in_(periods))
        return cls(
            {
                (each.measure, each.period, each.agency, each.form, each.category): each.value
                for each in session.scalars(wanted)
            },
            find_publications(session),
        )

    def categories(self, measure: str) -> list[str]:
        """Give the categories of *measure* that have a figure, their total left out."""
        return sorted({key[4] for key in self._values if key[0] == measure and key[4] != ALL})

    def value(
        self, measure: str, category: str = ALL, *, period: str, agency: str = ALL, form: str = ALL
    ) -> float | None:
        """Give one figure; ``None`` if it is hidden."""
        nought = 0.0 if self._covers(period, agency) else None
        return self._values.get((measure, period, agency, form, category), nought)

    def count(
        self, measure: str, category: str = ALL, *, period: str, agency: str = ALL, form: str = ALL
    ) -> int | None:
        """Give one count; ``None`` if it is hidden."""
        value = self.value(measure, category, period=period, agency=agency, form=form)
        return None if value is None else round(value)

    def rate(
        self,
        measure: str,
        categories: Sequence[str],
        *,
        of: Sequence[str],
        period: str,
        agency: str = ALL,
        form: str = ALL,
    ) -> Rate:
        """Give the share that *categories* have of *of*; both are categories of one measure."""
        parts = [
            self.count(measure, c, period=period, agency=agency, form=form) for c in categories
        ]
        whole = [self.count(measure, c, period=period, agency=agency, form=form) for c in of]
        count, total = _sum(parts), _sum(whole)
        if count is None or total is None or total < FEWEST_FOR_A_RATE:
            return Rate(count, total, None)
        return Rate(count, total, wilson(count, total))

    def _covers(self, period: str, agency: str) -> bool:
        """Were figures of the agency or group published for the period?"""
        end = last_month_of(period)
        return any(
            each.first_month <= end <= each.last_month and agency in names_of(each)
            for each in self._publications
        )


def find_publications(session: Session) -> Sequence[Publication]:
    """Give every publication, in the order of what they cover."""
    return session.scalars(select(Publication).order_by(Publication.first_month)).all()


def months_of(publication: Publication) -> Iterator[str]:
    """Give every month that a publication covers, oldest first."""
    return clocks.months_between(publication.first_month, publication.last_month)


def names_of(publication: Publication) -> Iterator[str]:
    """Give the agencies and groups that a publication has figures of, and all."""
    yield from publication.groups
    yield from (f"{GROUP}{each}" for each in publication.groups.values() if each)
    yield ALL


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [each for each in counts if each is not None]
    return sum(known) if len(known) == len(counts) else None
