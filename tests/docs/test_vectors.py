"""The transcript that the published rules bind: the code still makes it, word for word."""

import json
from pathlib import Path

import pytest
from conftest import ROOT

from ledger.questions.declared import QUESTIONS
from ledger.questions.document import bound_by


def test_what_becomes_of_the_transcript_is_what_the_published_rules_bind(tmp_path: Path):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tools"))
        import make_vectors

        raw = (ROOT / "ledger/rules/documents/1.json").read_bytes()
        assert (make_vectors.write(tmp_path), make_vectors.reads()) == bound_by(raw), (
            "run `make rules`"
        )
    rows = {row["file"]: row["exit"] for row in json.loads((tmp_path / "bundles.json").read_text())}
    valid = {name for name, code in rows.items() if code == 0}
    assert {f"bundles/valid/{name}.json" for name in QUESTIONS} <= valid
    assert valid == {name for name in rows if name.startswith("bundles/valid/")}
