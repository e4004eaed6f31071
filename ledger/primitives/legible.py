"""Texts that people read: nothing in them that is not seen, or is seen as something else.

Refused are controls, marks of direction, every default-ignorable character (tags, fillers,
soft hyphens, variation selectors, U+FEFF), characters nobody assigned for good (private use,
noncharacters), blanks other than U+0020 and U+3000, and a blank at either end. U+200C and U+200D
stand where UAX 31 (R1a) has them, since without them words of Persian, Sinhala or Malayalam are
other words: U+200C between letters that would join; both behind a letter with a virama.

``shown`` and ``shown_json`` spell out the same characters in what is printed, whoever wrote it.

All of it is told by tables here and the Unicode 3.2 that every Python carries, so that no
verifier decides by a newer list than another; letters assigned later are letters.
"""

import json
import re
from collections.abc import Iterator
from unicodedata import name as name_of
from unicodedata import ucd_3_2_0 as ucd

from ledger.errors import MalformedError
from ledger.primitives.remembered import remembered

ZWNJ, ZWJ = "\u200c", "\u200d"
_VIRAMA = 9
_UNSEEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # controls
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, lines, directions, reserved
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"  # fillers, selectors, specials
    "\u2800"  # a Braille cell without a dot
    "\u00a0\u1680\u2000-\u200a\u202f\u205f"  # blanks that look like the usual one
    "\ud800-\uf8ff\ufdd0-\ufdef"  # surrogates, private use, noncharacters
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"  # tags, selectors
    "\U000f0000-\U0010ffff"  # private use
    "]"
    "|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff\U0004fffe\U0004ffff"
    "\U0005fffe\U0005ffff\U0006fffe\U0006ffff\U0007fffe\U0007ffff\U0008fffe\U0008ffff"
    "\U0009fffe\U0009ffff\U000afffe\U000affff\U000bfffe\U000bffff\U000cfffe\U000cffff"
    "\U000dfffe\U000dffff\U000efffe\U000effff]"
)
_PLAIN = re.compile(
    r"[ -~\u00a1-\u00ac\u00ae-\u024f\u3000-\u3029\u3041-\u3096\u4e00-\u9fff\uff01-\uff5e]+"
)
"""Most texts are of nothing else: no need to look closer."""
_BLANKS = " \u3000"
_MONGOLIAN = re.compile("[\u1820-\u18aa]")
_SELECTORS = "\u180b\u180c\u180d\u180e\u180f"
"""Mongolian letters have forms that a selector behind them tells."""
_JOINS_ON = re.compile(
    "[\u0620\u0626\u0628\u062a-\u062e\u0633-\u063f\u0641-\u0647\u0649\u064a\u066e\u066f"
    "\u0678-\u0687\u069a-\u06bf\u06c1\u06c2\u06cc\u06ce\u06d0\u06d1\u06fa-\u06fc\u06ff"
    "\u0712-\u0714\u071a-\u071d\u071f-\u0727\u0729\u072b\u072d\u072e\u074e-\u0758\u075c-\u076a"
    "\u076d-\u0770\u0772\u0775-\u0777\u077a-\u077f\u07ca-\u07ea\u0886\u0889-\u088d\u088f"
    "\u08a0-\u08a9\u08af\u08b0\u08b3-\u08b8\u08ba-\u08c8\u1807\u1820-\u1878\u1887-\u18a8\u18aa]"
)
"""Letters that join to the one behind them (ArabicShaping.txt, Joining_Type D)."""
_JOINED = re.compile(
    "[\u0622-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0673\u0675-\u0677\u0688-\u0699\u06c0"
    "\u06c3-\u06cb\u06cd\u06cf\u06d2\u06d3\u06d5\u06ee\u06ef\u0710\u0715-\u0719\u071e\u0728\u072a"
    "\u072c\u072f\u074d\u0759-\u075b\u076b\u076c\u0771\u0773\u0774\u0778\u0779\u0870-\u0882\u088e"
    "\u08aa-\u08ac\u08ae\u08b1\u08b2\u08b9]"
)
"""Letters that join to the one before them alone (Joining_Type R)."""


def _refuse(what: str) -> None:
    raise MalformedError("text: {what}", what=what)


def _script(character: str) -> str:
    return ucd.name(character, "").partition(" ")[0]


def _letter_before(text: str, at: int) -> int:
    """Return the place of the letter before a place, marks passed over; -1 without any."""
    at -= 1
    while at >= 0 and ucd.category(text[at]) in ("Mn", "Me"):
        at -= 1
    return at


def _after_virama(text: str, at: int) -> bool:
    """Return whether a place is right behind a letter with a virama, marks of no class apart."""
    mark = at - 1
    while mark >= 0 and ucd.category(text[mark]) == "Mn" and ucd.combining(text[mark]) != _VIRAMA:
        mark -= 1
    if mark < 1 or ucd.combining(text[mark]) != _VIRAMA:
        return False
    return ucd.category(text[_letter_before(text, mark)])[0] in "LM"


def _between_joining(text: str, at: int) -> bool:
    """Return whether a place is between two letters of one script that would join there."""
    before, after = _letter_before(text, at), at + 1
    while after < len(text) and ucd.category(text[after]) in ("Mn", "Me"):
        after += 1
    if before < 0 or after == len(text):
        return False
    left, right = text[before], text[after]
    joins = _JOINS_ON.match(left) and (_JOINS_ON.match(right) or _JOINED.match(right))
    return bool(joins) and _script(left) == _script(right)


def _in_place(text: str, at: int) -> bool:
    """Return whether an unseen character does what it is for, where it stands."""
    match text[at]:
        case "\u200c":
            return _after_virama(text, at) or _between_joining(text, at)
        case "\u200d":
            vowel = at + 1 < len(text) and ucd.category(text[at + 1])[0] == "M"
            return _after_virama(text, at) and not vowel
        case one if one in _SELECTORS:
            return at > 0 and _MONGOLIAN.match(text[at - 1]) is not None
    return False


@remembered()
def check_legible(text: str) -> None:
    """Refuse a text that people could not read as it is.

    Raises:
        MalformedError: says which character it is and where, counted from 1.

    """
    if not text.strip(_BLANKS):
        _refuse("nothing to read in it")
    for at in (0, len(text) - 1):
        if text[at] in _BLANKS:
            _refuse(
                f"character {at + 1} is a blank at the {'end' if at else 'beginning'}: leave it out"
            )
    if _PLAIN.fullmatch(text):
        return
    for found in _UNSEEN.finditer(text):
        at, one = found.start(), found[0]
        if not _in_place(text, at):
            named = name_of(one, "")
            called = f"U+{ord(one):04X}{f' ({named})' if named else ''}"
            mend = "write a plain blank" if ucd.category(one) == "Zs" else "leave it out"
            _refuse(f"character {at + 1} is {called}, which nobody sees there: {mend}")
    if ucd.category(text[0])[0] == "M":
        _refuse(f"character 1 is U+{ord(text[0]):04X}, a mark on no letter: leave it out")


def shown(text: str) -> str:
    r"""Return a text as it may be printed on one line: what nobody sees there is spelled out.

    A line feed is ``\n``, any other control, mark of direction or filler ``\u{202e}``; joiners
    that do what they are for stay.
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join(
        part if not unseen or _in_place(text, at) else _spelled(part)
        for at, part, unseen in _parts(text)
    )


def _parts(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the pieces of a text with their places: those seen, and each character that is not."""
    end = 0
    for found in _UNSEEN.finditer(text):
        yield end, text[end : found.start()], False
        yield found.start(), found[0], True
        end = found.end()
    yield end, text[end:], False


def _spelled(one: str) -> str:
    return "\\n" if one == "\n" else f"\\u{{{ord(one):x}}}"


def shown_json(text: str) -> str:
    r"""Return JSON of the same value in which every character that nobody sees is ``\uXXXX``."""
    return text if text.isascii() and "\x7f" not in text else _UNSEEN.sub(_as_json, text)


def _as_json(found: re.Match[str]) -> str:
    one = found[0]
    return one if one < " " else json.dumps(one)[1:-1] if one != "\x7f" else "\\u007f"
