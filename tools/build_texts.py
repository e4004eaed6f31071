"""Compile the catalogues of texts: what the package's build runs, and ``make texts``.

A catalogue is written as ``.po``, which a translator edits, and read as ``.mo``, which is made of it.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent
LOCALES = Path("ledger") / "texts" / "locale"


def compile_texts(root: Path = ROOT) -> list[Path]:
    """Write each catalogue's compiled form where it is not of its text; return all that there are."""
    found = []
    for path in sorted((root / LOCALES).glob("*/LC_MESSAGES/*.po")):
        made = path.with_suffix(".mo")
        found.append(made)
        if made.exists() and made.stat().st_mtime_ns > path.stat().st_mtime_ns:
            continue
        with path.open("rb") as file:
            known = read_po(file, locale=path.parent.parent.name, abort_invalid=True)
        part = made.with_suffix(f".{path.stat().st_mtime_ns}.part")
        with part.open("wb") as file:
            write_mo(file, known)
        part.replace(made)  # whoever reads it meanwhile has the old one or the new one
    return found


class TextsHook(BuildHookInterface[Any]):
    """Compiles the catalogues into the package before it is built or installed from its tree."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile, and say that what was made belongs to the package though version control ignores it."""
        made = compile_texts(Path(self.root))
        build_data["artifacts"] += [f"/{path.relative_to(self.root)}" for path in made]


if __name__ == "__main__":
    compile_texts()
