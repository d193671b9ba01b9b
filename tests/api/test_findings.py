"""What referrers dismiss or call wrong is counted by code, and nothing else of it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.findings import FindingCounts, FindingKind, Verdict
from nlp.errors import UnknownChoiceError

ADDRESS = "/api/v1/findings"


def test_a_verdict_is_counted_by_its_label(client: TestClient) -> None:
    said = {"kind": "element", "code": "child_voice", "verdict": "wrong"}
    before = {row["finding"]: row["count"] for row in client.get(ADDRESS).json()}
    assert client.post(ADDRESS, json=said).status_code == 204
    after = {row["finding"]: row["count"] for row in client.get(ADDRESS).json()}
    key = "element/child_voice/wrong"
    assert after[key] == before.get(key, 0) + 1


def test_words_of_a_referral_are_refused_and_not_repeated(client: TestClient) -> None:
    said = {"kind": "safety_flag", "code": "Ava was hit by her dad", "verdict": "dismissed"}
    answer = client.post(ADDRESS, json=said)
    assert answer.status_code == 422
    assert "Ava" not in answer.text
    assert "Ava" not in client.get(ADDRESS).text


def test_a_rule_counts_for_a_safety_flag_only() -> None:
    counts = FindingCounts()
    rule = "flag.weapon.used"
    counts.add(FindingKind.SAFETY_FLAG, code=rule, verdict=Verdict.WRONG, rules={rule})
    with pytest.raises(UnknownChoiceError):
        counts.add(FindingKind.LEVEL, code=rule, verdict=Verdict.WRONG, rules={rule})
    assert counts.totals() == {"safety_flag/flag.weapon.used/wrong": 1}


def test_counts_in_a_file_are_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "counts.json"
    for _ in range(2):  # twice the service starts
        counts = FindingCounts(path)
        counts.add(FindingKind.URGENCY, code="red", verdict=Verdict.DISMISSED, rules=())
    assert FindingCounts(path).totals() == {"urgency/red/dismissed": 2}
    assert [each.name for each in tmp_path.iterdir()] == ["counts.json"]
