"""What an entry can be found by: its issuer, subject and type, and whom and what it concerns.

Terms serve searching alone, never a verdict: they say where to look, the entries say what
is so. Like histories they are a pure function of a statement's bytes.

=========  =========================================================================
issuer     who signed
subject    the statement's own subject
type       the statement's type, ``generic`` for foreign ones
party      issuer, subject, and every party that one of its histories is about
product    every product, lot or item that subject or histories name, as its product
lot        every lot they name
=========  =========================================================================
"""

from hashlib import sha256
from typing import Literal, get_args

from ledger.errors import MalformedError
from ledger.identifiers import GOODS_PREFIXES, check_party, looks_like_party, lot_of, product_of
from ledger.primitives.remembered import remembered
from ledger.statements.catalogue import histories_of, type_name
from ledger.statements.envelope import SignedStatement
from ledger.statements.fields import Body

Kind = Literal["issuer", "subject", "type", "party", "product", "lot"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TERM_SIZE = 16  # two names share a term once in 2**64: an entry too many is found, none is missed


@remembered()
def term(kind: Kind, name: str) -> bytes:
    """Return the term that stands for a name in one role."""
    return sha256(f"{kind}\n{name}".encode()).digest()[:TERM_SIZE]


@remembered()
def _named(name: str) -> tuple[bytes, ...]:
    """Return the terms of a name that a statement concerns: of a party, a product, a lot, or none."""
    try:
        if looks_like_party(name):
            check_party(name)
            return (term("party", name),)
        if name.startswith(GOODS_PREFIXES):
            product, lot = term("product", product_of(name)), lot_of(name)
            return (product,) if lot is None else (product, term("lot", lot))
    except MalformedError:
        pass  # a generic statement's subject may look like an identifier and be none
    return ()


def terms_of(statement: SignedStatement, body: Body | None) -> frozenset[bytes]:
    """Return the terms of a registered statement: at least its type, issuer and subject."""
    names = {statement.issuer, statement.subject}
    for _, subject in histories_of(statement, body):
        names.update(subject.split("\n"))
    found = {
        term("issuer", statement.issuer),
        term("subject", statement.subject),
        term("type", type_name(body)),
    }
    for name in names:
        found.update(_named(name))
    return frozenset(found)
