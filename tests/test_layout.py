"""The house itself: names nobody else may own, and nothing that must not be committed."""

import subprocess
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("nlp", "annotation", "models", "evaluation", "api")


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_installed_package_owns_our_folder_names(folder: str) -> None:
    assert packages_distributions().get(folder, []) in ([], ["referral-quality"])


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_machine_path_or_registry_host_is_committed() -> None:
    # In halves, so that this file does not find itself.
    hosts = ("pypi" + ".org", "npmjs" + ".org", "registry" + ".npm")
    forbidden = ("/wo" + "rk/", "/hom" + "e/", *hosts)
    texts = (path for path in tracked() if path.suffix in {".py", ".md", ".toml", ".txt", ".yaml"})
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in texts
        for word in forbidden
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_the_repository_stays_small() -> None:
    assert sum(path.stat().st_size for path in tracked()) < 200_000_000
