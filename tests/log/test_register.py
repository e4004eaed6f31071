"""Registering on SQLite and PostgreSQL."""

from world import BRAND, World

from ledger.log import Registered


def test_a_party_and_its_statements_are_registered_in_order(any_world: World):
    any_world.party("brand", BRAND)
    outcomes = any_world.register(*(any_world.reading(f"r{i}", subject=f"urn:x:{i % 7}") for i in range(600)))
    assert [o.index for o in outcomes] == list(range(4, 604))
    assert all(isinstance(o, Registered) and o.new for o in outcomes)
    report = any_world.check()
    assert report.size == 605
    any_world.reopen()
    assert any_world.check() == report
