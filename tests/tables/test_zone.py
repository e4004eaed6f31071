"""Local times at the ends of what a calendar has."""

import pytest

from ledger.cli.common import read_time
from ledger.errors import ParameterError
from ledger.tables.zone import NoDateError, parse_when, parse_zone

EDGES = ("0001-01-01", "0001-01-01 00:00+08:00", "9999-12-31 23:59:59", "9999-12-31 23:00-05:00")


@pytest.mark.parametrize("text", EDGES)
@pytest.mark.parametrize("zone", ["+14:00", "-12:00", "Asia/Shanghai", "UTC"])
def test_a_moment_is_one_in_utc_or_no_date(text: str, zone: str):
    from ledger.tables.zone import utc_text

    try:
        found = parse_when(text, parse_zone(zone))
    except NoDateError:
        return
    assert found is not None
    assert utc_text(found).endswith("Z")


@pytest.mark.parametrize("text", EDGES)
@pytest.mark.parametrize("zone", ["+14:00", "-12:00", None])
def test_on_the_command_line_too(text: str, zone: str | None):
    try:
        found = read_time(text, "--at", zone)
    except ParameterError:
        return
    assert found is not None
    assert found >= 0
