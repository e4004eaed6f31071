"""An administrator edits the database: nothing of it is shown as if it were the log's."""

import json
from pathlib import Path

import pytest
from audit.ledgers import Administrator
from cli.conftest import Estate, Run

from ledger.store.tables import entries


@pytest.fixture
def edited(estate: Estate) -> tuple[str, str, int]:
    """Put the bytes of one entry in the place of another; return id, id, index."""
    return swapped(estate, "leaf")


def swapped(estate: Estate, *columns: str) -> tuple[str, str, int]:
    admin = Administrator(f"sqlite:///{estate.folder / 'ledger.sqlite'}")
    mine, other = estate.said["product"], estate.said["mark"]
    taken = next(row for row in admin.rows(entries) if row.idx == other.index)
    values = {name: getattr(taken, name) for name in columns}
    admin.run(entries.update().where(entries.c.idx == mine.index).values(**values))
    admin.engine.dispose()
    return mine.id.hex(), other.id.hex(), mine.index


@pytest.mark.parametrize(
    "words",
    [
        ("show", "{id}"),
        ("show", "{index}"),
        ("show", "{id}", "--json"),
        ("cite", "{id}"),
        ("receipt", "{id}", "-o", "r.cbor"),
        ("export", "out"),
    ],
    ids=" ".join,
)
def test_what_is_not_what_the_log_signed_is_not_shown(
    run: Run, edited: tuple[str, str, int], words: tuple[str, ...]
):
    id_, _, index = edited
    code, out, err = run(*(word.format(id=id_, index=index) for word in words))
    told = json.loads(out) if "--json" in words else None
    assert code == 3, (out, err)
    assert out == "" or (told is not None and told["exit"] == 3 and "payload" not in told)
    assert f"entry {index}" in err
    assert not Path("r.cbor").exists()
    assert not Path("out").exists()


def test_what_was_not_edited_is_shown(run: Run, edited: tuple[str, str, int]):
    code, _, err = run("show", edited[1])
    assert code == 0, err


def test_hashes_that_contradict_the_head_open_nothing(estate: Estate, run: Run):
    id_, _, _ = swapped(estate, "leaf", "leaf_hash")
    code, out, err = run("show", id_)
    assert (code, out) == (3, "")
    assert "head row" in err
