"""统一社会信用代码, the unified social credit code of GB 32100-2015: 18 characters.

1 who registers, 2 what sort of body, 3 to 8 where it is registered (GB/T 2260), 9 to 17 its
organisation code (GB 11714), 18 check character (ISO 7064 over 31 characters). A resident's
identity number (GB 11643) has 18 characters too, one in 31 of them the right check character:
where it also reads as a sort of body that exists, it is told by its own structure, so that
nobody's identity number enters a log from which nothing can be taken out.

The check digit within the organisation code is not demanded: the standard passes on codes
that were given without it.
"""

import re
from contextlib import suppress
from datetime import date

from ledger.errors import MalformedError
from ledger.texts import saying

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_FORM = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
_CATEGORIES = {
    "1": "1239",  # 机构编制: 机关, 事业单位, 群众团体, 其他
    "2": "19",  # 外交: 外国常驻新闻机构, 其他
    "3": "123459",  # 司法行政: 律师执业机构, 公证处, 基层法律服务所, 司法鉴定机构, 仲裁委员会, 其他
    "4": "19",  # 文化: 外国在华文化中心, 其他
    "5": "12349",  # 民政: 社会团体, 民办非企业单位, 基金会, 基层群众性自治组织, 其他
    "6": "129",  # 旅游: 外国, 港澳台旅游部门常驻代表机构, 其他
    "7": "129",  # 宗教: 宗教活动场所, 宗教院校, 其他
    "8": "19",  # 工会: 基层工会, 其他
    "9": "1239",  # 工商: 企业, 个体工商户, 农民专业合作社, 其他
    "A": "19",  # 中央军委改革和编制办公室: 军队事业单位, 其他
    "N": "1239",  # 农业: 组级, 村级, 乡镇级集体经济组织, 其他
    "Y": "1",  # 其他
}
_PROVINCES = re.compile("1[0-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|81|82|99")
"""The first two digits of GB/T 2260; 10 the whole country, 66 and 99 the 兵团 of Xinjiang."""
_RESIDENT = re.compile(r"[1-8][0-9]{16}[0-9X]")


def check_character(body: str) -> str:
    """Return the last character of the code that begins with these 17."""
    total = sum(_ALPHABET.index(one) * weight for one, weight in zip(body, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def is_resident(number: str) -> bool:
    """Return whether 18 characters are built as a resident's identity number: birthday, check."""
    if _RESIDENT.fullmatch(number) is None:
        return False
    with suppress(ValueError):
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        total = sum(int(one) * pow(2, 17 - at, 11) for at, one in enumerate(number[:17]))
        return 1800 <= born.year < 2100 and "10X98765432"[total % 11] == number[17]  # noqa: PLR2004
    return False


def check_uscc(number: str) -> None:
    """Refuse anything but a 统一社会信用代码 (GB 32100-2015) in canonical form.

    Raises:
        MalformedError: says what is not as the standard has it.

    """
    shown: str = repr(number[:40])
    if is_resident(number):
        shown = saying("(not repeated)")
        why = saying("a resident's identity number is none")
    elif _FORM.fullmatch(number) is None:
        why = saying("18 digits and capital letters without I, O, S, V, Z")
    elif number[1] not in _CATEGORIES.get(number[0], ""):
        why = saying("no body begins with {first}", first=number[:2])
    elif _PROVINCES.fullmatch(number[2:4]) is None:
        why = saying("no province has the number {number} (characters 3 and 4)", number=number[2:4])
    elif number[17] != check_character(number[:17]):
        why = saying("the check character is wrong")
    else:
        return
    raise MalformedError(
        "not a unified social credit code in canonical form: {shown} ({why})",
        shown=shown,
        why=why,
    )
