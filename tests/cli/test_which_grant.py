"""A party named instead of a grant: its only grant is meant, or those that there are to choose from."""

import json

from cli.conftest import Estate, Run
from tea import AGENT, MARK, Tea, cite
from world import TRADER


def test_the_only_grant_of_a_party_is_meant(story: Tea, run: Run):
    index = next(str(row["entry"]) for row in grants_of(run, TRADER))
    by_entry = run("impact", index, "--json")
    code, out, err = run("impact", TRADER, "--json")
    assert (code, f"taken as entry {index}" in err) == (0, True), err
    assert json.loads(out)["answer"] == json.loads(by_entry[1])["answer"]
    assert json.loads(out)["answer"]["grants"] == [], "the grant itself is not among what falls"
    assert story.world.log


def test_of_several_it_is_said_which_there_are(estate: Estate, story: Tea, run: Run):
    under = cite(estate.said["mark"], "qualification-number", MARK)
    story.grant("brand", "agent", under, depth=1)
    code, _, err = run("impact", AGENT)
    entries = [row["entry"] for row in grants_of(run, AGENT)]
    assert (code, len(entries)) == (2, 2)
    assert all(f"entry {index}: " in err for index in entries), err
    assert run("impact", "did:web:nobody.example")[0] == 2


def test_of_one_that_has_ended_it_is_said_that_it_has(estate: Estate, story: Tea, run: Run):
    estate.end_trader(story)
    code, _, err = run("impact", TRADER)
    assert code == 2
    assert f"the only grant that trader ({TRADER}) had has ended: name it by its entry: " in err


def grants_of(run: Run, party: str) -> list[dict]:
    return json.loads(run("grants", party, "--json")[1])["answer"]["held"]
