"""Setting the paper: one fixed template, all texts beside it as data, nothing of them as markup.

The PDF is PDF/A-3, which keeps what is attached to it and refuses a character that no font shows.
The same content makes the same bytes, with the same fonts and the same release of typst.
"""

import io
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from ledger.errors import UsageError
from ledger.primitives.instant import SECOND_US, parse_us
from ledger.primitives.legible import shown
from ledger.texts import saying

NEEDS_PDF = saying("a PDF needs the extra pdf: pip install 'pinyuan[pdf]'")
FONT_PACKAGE = "noto_cjk_sans_otc"


def font_folders(given: Sequence[Path] = ()) -> list[Path]:
    """Return where fonts are: the package of Chinese ones if it is installed, and what was given.

    Raises:
        UsageError: what was given is no folder.

    """
    for folder in given:
        if not folder.is_dir():
            raise UsageError("--font-path {folder}: no such folder", folder=folder)
    spec = find_spec(FONT_PACKAGE)
    found = [] if spec is None or spec.origin is None else [Path(spec.origin).parent]
    return [*found, *given]


def typeset(
    content: Mapping[str, Any], attached: Mapping[str, bytes], fonts: Sequence[Path]
) -> bytes:
    """Return a PDF.

    Args:
        content: what stands in it, of ``content.content``.
        attached: the files of evidence by name.
        fonts: folders with fonts; those of the system are not looked at.

    Raises:
        UsageError: the extra ``pdf`` is not installed, or no font shows one of the characters.

    """
    try:
        import typst  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise UsageError(NEEDS_PDF) from error
    template = files("ledger.printing").joinpath("report.typ").read_bytes()
    data = json.dumps(_legible(content), ensure_ascii=False).encode()
    parts = {"main.typ": template, "data.json": data, **attached}
    parts |= {f"{file['name']}.svg": _code(file["sha256"]) for file in content["files"]}
    try:
        made: bytes = typst.compile(
            cast("Any", parts),  # its stub lacks that files may be given in memory
            font_paths=[str(folder) for folder in fonts],
            ignore_system_fonts=True,
            pdf_standards=["a-3a"],
            timestamp=parse_us(f"{content['date']}T00:00:00Z") // SECOND_US,
        )
    except typst.TypstError as error:
        raise UsageError(_why(str(error), fonts)) from error
    return made


def _legible(value: Any) -> Any:
    """Return content in which what nobody sees is spelled out, as in all that is printed."""
    match value:
        case str():
            return shown(value)
        case list() | tuple():
            return [_legible(one) for one in value]
        case dict():
            return {name: _legible(one) for name, one in value.items()}
        case _:
            return value


def _code(digest: str) -> bytes:
    """Return the QR code of a digest, as SVG."""
    try:
        import segno  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise UsageError(NEEDS_PDF) from error
    target = io.BytesIO()
    segno.make(f"sha256:{digest}", error="m", micro=False).save(target, kind="svg", border=2)
    return target.getvalue()


def _why(message: str, fonts: Sequence[Path]) -> str:
    if "could not be displayed" not in message:
        return saying("the PDF could not be set: {message}", message=message)
    text = message.partition("`")[2].partition("`")[0].strip('"')
    folders = ", ".join(map(str, fonts))
    return saying(
        "no font has the characters of {text!r} (looked in {where}): name a folder with a font that has "
        "them with --font-path",
        text=text,
        where=folders or saying("no folder of fonts: pip install 'pinyuan[pdf]'"),
    )
