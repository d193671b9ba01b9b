import pytest

from models.tfidf import TfidfReader
from models.train import fit_tfidf
from tests.models.corpus_for_tests import make_config, make_contacts


@pytest.fixture(scope="session")
def small_reader() -> TfidfReader:
    return fit_tfidf(make_contacts(), make_config())
