"""What JSON answers look like: the schemas that OpenAPI shows. Answers are built without them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="A statement id.")]
Index = Annotated[int, Field(ge=0, description="An entry's place in the log.")]
Size = Annotated[int, Field(ge=0, description="How many entries the log had.")]
Base64 = Annotated[str, Field(pattern="^[A-Za-z0-9+/]*={0,2}$")]
Instant = Annotated[str, Field(pattern=r"^[0-9-]{10}T[0-9:]{8}(\.[0-9]{1,6})?Z$")]


class _Shown(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Reason(_Shown):
    """Why something does not hold: a code, the entries it rests on, facts for a sentence."""

    code: str
    entries: list[Index]
    facts: dict[str, int | str]


class Refusal(_Shown):
    """One broken rule."""

    rule: str
    message: str = Field(description="What breaks it, and the sentences of its reasons.")
    cites: list[int] = Field(description="The entries it rests on.")
    reasons: list[Reason] | None = None


class Remark(_Shown):
    """What a registered statement is about that nobody registered, and what may have been meant; what was said before."""

    remark: str
    about: str
    near: list[str]
    message: str
    cites: list[int] = Field(
        description="The entries that registered what is near, or said the same before."
    )


class ProblemDetails(_Shown):
    """RFC 9457."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str = Field(description="What is wrong and what mends it, in the language asked for.")
    sentences: dict[str, str] | None = Field(None, description="The same in each language.")
    refusals: list[Refusal] | None = None


class Row(_Shown):
    """What became of one statement of a batch: a receipt, or refusals, or a problem.

    With ``problem`` nothing is known of it: submit it again, the same bytes get the same place.
    """

    id: Id | None = None
    index: Index | None = None
    new: bool | None = Field(None, description="False if it was registered before.")
    receipt: Base64 | None = None
    remarks: list[Remark] | None = None
    refusals: list[Refusal] | None = None
    problem: ProblemDetails | None = None


class Batch(_Shown):
    """One row for each statement, in order."""

    statements: list[Row]


class Inclusion(_Shown):
    """That an entry is in the tree of a size (RFC 9162 section 2.1.3)."""

    index: Index
    size: Size
    leaf_hash: Base64
    path: list[Base64]
    root: Base64


class Consistency(_Shown):
    """That the tree of one size extends the tree of another (RFC 9162 section 2.1.4)."""

    old: Size
    size: Size
    old_root: Base64
    path: list[Base64]
    root: Base64


class Extension(_Shown):
    """A later checkpoint with its cosignatures, and the path that shows it to extend a size."""

    checkpoint: str
    path: list[Base64]


class Later(_Shown):
    """What was cosigned beyond a size: the newest of each cosigner, by size."""

    size: Size
    later: list[Extension]


class Topic(_Shown):
    """A history that an entry is in."""

    topic: str
    subject: str
    link: str


class Entry(_Shown):
    """One registered statement as a list shows it."""

    index: Index
    id: Id
    type: str
    issuer: str
    subject: str
    issued_at: Instant
    registered_at: Instant
    entry: str = Field(description="Where it is shown whole.")
    receipt: str = Field(description="Where its receipt is.")


class Hashed(_Shown):
    """What a payload is the digest of (RFC 9995): nobody here looked at it."""

    hash: str = Field(description="By which hash the payload is its digest.")
    content_type: str | int | None
    location: str | None


class Amendment(_Shown):
    """A later entry, and what it did."""

    index: Index
    type: str
    effect: str = Field(description="ends, replaces, withdraws, erases, answers, decides, ...")
    outcome: str | None
    fields: list[str] = Field(description="The values that it erased.")


class Fallen(_Shown):
    """An entry that another rests on, and what ended it."""

    entry: Index
    ended_by: Index


class Doubt(_Shown):
    """Which entry suspects a key, and since when."""

    entry: Index
    since: Instant


class SealedValue(_Shown):
    """A value that is not in the statement."""

    name: str
    state: Literal["sealed", "erased"]
    value: None


class WholeEntry(Entry):
    """One registered statement, decoded, with its bytes and its proof."""

    content_type: str | int | None = Field(description="Null of a hash envelope.")
    hash_envelope: Hashed | None
    kid: str
    payload: Any = Field(description="A native statement's JSON; of a foreign one its base64.")
    bytes: Base64 = Field(description="The leaf: the statement with an empty unprotected header.")
    attached: list[Base64] = Field(
        description="Receipts of other logs that came along; none is verified here."
    )
    amends: Index | None = Field(
        description="The entry that it ends, corrects or erases values of."
    )
    key_bound_by: str | None = Field(description="Who bound the key it was signed with.")
    possession: str = Field(description="How it is known that the issuer holds that key.")
    amendments: list[Amendment] = Field(description="What later entries did to it, in order.")
    fallen: list[Fallen] = Field(description="What it rests on that has ended.")
    doubt: Doubt | None = Field(description="Since before it was registered its key is suspected.")
    values: list[SealedValue] = Field(description="Its sealed values: none of them is here.")
    names: dict[str, dict[str, str]] = Field(description="What the things in it are called, by id.")
    histories: list[Topic]
    proof: Inclusion
    checkpoint: str = Field(description="The signed note that the proof leads to.")


class Seal(_Shown):
    """The newest seal that a search covers."""

    index: Index
    time: Instant
    size: Size


class Page(_Shown):
    """Entries found, as of a seal."""

    entries: list[Entry]
    total: int = Field(ge=0, description="How many there are on all pages.")
    next: str | None = Field(description="The cursor of the next page, null on the last.")
    seal: Seal | None = Field(description="What the search covers; null before the first.")
    lag: int = Field(ge=0, description="Entries of the log that the index does not have yet.")


class ThingFound(_Shown):
    """A thing that may be meant, as the newest statement that names it has it."""

    kind: Literal["party", "product", "facility", "shop", "trademark", "lot"]
    id: str
    names: dict[str, str] = Field(
        description="By language, zh and en; of a trademark its mark; none of a lot."
    )
    roles: list[str] = Field(description="Of a party.")
    entry: Index = Field(description="The statement that says so.")
    match: Literal["same", "part", "near"] = Field(description="How the name fits, or the id.")


class Things(_Shown):
    """Things that a name may stand for, the nearest first, parties before goods."""

    things: list[ThingFound]
    total: int = Field(ge=0, description="How many there are, those not listed among them.")
    compared: int = Field(ge=0, description="How many things were compared.")
    complete: bool = Field(description="False where only the newest registrations were.")
    size: Size


class LabelItem(_Shown):
    """A label, or a listing of a labelled product, in its present state."""

    kind: Literal["label", "listing"]
    product: str
    entry: Index = Field(description="The label's or listing's statement.")
    id: Id
    shop: str | None = Field(description="Of a listing.")
    standard: str | None = Field(description="Of a label.")
    state: Literal[
        "holds",
        "suspended",
        "lapsed",
        "withdrawn",
        "listable",
        "not-listable",
        "unproven",
        "ended",
    ]
    since: Instant | None = Field(
        description="Since when, at least; null where no reason has a date."
    )
    lapses_at: Instant | None = Field(
        description="When a label that holds lapses by itself, if nothing more is said."
    )
    reasons: list[Reason]
    why: list[str] = Field(description="The reasons in words.")
    names: dict[str, dict[str, str]] = Field(description="What the things in it are called, by id.")
    bundle: str = Field(description="Where the evidence bundle of this state is.")


class Labels(_Shown):
    """What changed between two sizes of the log."""

    since: Size | None = Field(description="The seal before; null where everything is listed.")
    size: Size = Field(description="As of which seal; what to ask for next time.")
    at: Instant = Field(description="The time of that seal, which the states are about.")
    total: int = Field(ge=0, description="How many there are on all pages.")
    items: list[LabelItem] = Field(description="In the order of product, kind and id.")
    next: str | None = Field(description="The cursor of the next page, null on the last.")
    poll: str = Field(description="Where to ask for what changes from here on.")
    language: str = Field(description="The language of the sentences.")


class PolicyRules(_Shown):
    """Which published rules are in force."""

    version: int
    digest: str = Field(description="SHA-256 of the document.")
    document: str = Field(description="Where it is.")


class AskedOfAll(_Shown):
    """A rule that is asked of every statement."""

    id: str
    says: str


class Policy(_Shown):
    """What may be registered here."""

    log: str = Field(description="Its name, which claim 3 (aud) may hold.")
    media_types: list[str] = Field(description="In which a statement is posted.")
    rules: PolicyRules
    statement: dict[str, Any] = Field(description="What it must carry, as FORMATS has it.")
    asked: list[AskedOfAll] = Field(description="The rules that are asked of all statements.")


class Link(BaseModel):
    """RFC 9264: a target and what is known of it."""

    href: str
    title: str | None = None
    type: str | None = None


class Linkset(BaseModel):
    """RFC 9264: links by relation, their context as ``anchor``."""

    linkset: list[dict[str, str | list[Link]]]


class Resolver(BaseModel):
    """What this GS1 resolver can do (GS1-Conformant Resolver 1.2)."""

    name: str
    resolverRoot: str  # noqa: N815 - GS1's names
    supportedPrimaryKeys: list[str]  # noqa: N815
    supportedLinkType: list[dict[str, str]]  # noqa: N815
    linkTypeDefaultCanBeLinkset: bool  # noqa: N815


class Alive(_Shown):
    """The loop that serves requests runs."""

    status: Literal["alive"]


class Ready(_Shown):
    """Whether the service can do its work, and why not."""

    status: Literal["ready", "not ready"]
    checks: dict[str, str] = Field(description="ok, or why not.")
