"""About the past: as of a date, and what was known then where it is answered otherwise now."""

import json

import pytest
from cli.conftest import Run
from client.serving import Service
from tea import LOT, Tea


@pytest.fixture
def recalled(story: Tea) -> tuple[str, int, int]:
    """Recall a lot since before it was said; return a time between, the size then, the size behind."""
    story.lot(LOT)
    then, size = story.time(), len_of(story)
    story.world.wait(seconds=7_200)
    fields = {"reason": "residue above the limit", "from": then}
    story.world.accept(story.sign("recall", "brand", LOT, fields))
    return then, size, len_of(story)


def len_of(story: Tea) -> int:
    return story.world.log.publisher.anchor.read()[0].size


def test_what_was_known_then_stands_beside_what_is_said_now(
    recalled: tuple[str, int, int], run: Run
):
    then, before, behind = recalled
    code, out, _ = run("trace", LOT, "--at", then)
    assert code == 0
    assert "recalled" in out
    assert f"with what was known at {then} (size {before}) the answer was: yes" in out
    assert f"as above it is answered from size {behind} on" in out
    assert "the answer was" not in run("trace", LOT)[1]
    assert "the answer was" not in run("trace", LOT, "--at", then, "--known-at", before)[1]
    assert (
        f"依 {then} 时已知的记录（规模 {before}）"
        in run("trace", LOT, "--at", then, "--lang", "zh")[1]
    )


def test_a_server_is_asked_the_same(recalled: tuple[str, int, int], served: Service, run: Run):
    then, before, _ = recalled
    here = run("trace", LOT, "--at", then)
    met = ("--server", served.url, "--trust-on-first-use")
    there = run("trace", LOT, "--at", then, *met)
    assert there[1] == here[1], there[2]
    known = json.loads(run("trace", LOT, "--known-at", then, "--json", *met)[1])
    assert known["known_at"] == before


@pytest.mark.usefixtures("recalled")
def test_a_date_is_a_size_at_each_moment(story: Tea, run: Run):
    """The size right behind the newest seal that is not later: at a seal's own time, with it."""
    log, size = story.world.log, len_of(story)
    from ledger.answering.then import size_at
    from ledger.answering.then_here import seals_of

    behind = seals_of(log)
    ends, index = [], 0
    while index < size:
        seal, time_us = behind(index)
        ends.append((seal + 1, time_us))
        index = seal + 1
    for number, (end, time_us) in enumerate(ends):
        assert size_at(time_us, size, behind) == end
        assert size_at(time_us - 1, size, behind) == (ends[number - 1][0] if number else 0)
    code, _, err = run("trace", LOT, "--known-at", "2001-01-01T00:00:00Z")
    assert (code, "nothing was registered yet: the first seal is of" in err) == (4, True)
    code, _, err = run("trace", LOT, "--known-at", "yesterday")
    assert (code, "--known-at: not a time like" in err) == (2, True)


def test_a_past_time_is_not_called_the_present(
    recalled: tuple[str, int, int], run: Run, monkeypatch: pytest.MonkeyPatch
):
    """Of a time before a recall was known, whoever reads it today is not told that nothing is open today."""
    then, before, _ = recalled
    monkeypatch.setenv("PINYUAN_LANG", "zh")
    code, out, err = run("trace", LOT, "--at", then, "--known-at", before)
    assert (code, "没有未关闭的问题" in out) == (0, True), err
    assert "目前" not in out
