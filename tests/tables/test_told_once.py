"""What is wrong with a whole column is said once."""

from ledger.tables.said import Fault, told_once


def test_what_several_rows_have_alike_is_said_once():
    zone = [Fault(n, "签发时间", f"2026-05-0{n}", "缺时区") for n in (2, 3, 4)]
    told = told_once([*zone, Fault(3, "渠道", "x", "缺时区")], "en")
    assert told == [
        'row 2, "签发时间" has "2026-05-02": 缺时区; the same in 2 more rows',
        'row 3, "渠道" has "x": 缺时区',
    ]
