"""Rules for the result of a draw: once, in time, and nothing but what follows from what was committed."""

from collections.abc import Iterator

from ledger.errors import MalformedError, VerificationError
from ledger.rules.drawing import faults_of, key_of_draws, sealed_before, sealing_faults
from ledger.rules.draws import batch_us, cited_programme
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, resolve, standing_of
from ledger.rules.state import log_state
from ledger.statements.draw_family import Draw, DrawKey, DrawResult, DrawSealed, Witnessed
from ledger.texts import saying
from ledger.tlog.checkpoint import open_checkpoint
from ledger.tlog.merkle import verify_inclusion
from ledger.tlog.note import parse_note, parse_vkey


@rule("result-once", "draw-result")
def result_once(case: Case) -> Iterator[Refusal]:
    """A draw has one result, its own.

    `draw.subject` is not `sub`; or (`draw`, `sub`) has a `draw-result` [it].
    """
    body = case.body
    if not isinstance(body, DrawResult):
        return
    if body.draw.subject != case.statement.subject:
        why = saying("the draw cited is {draw}", draw=body.draw.subject)
        yield Refusal("result-once", why)
    for item in standing_of(case.view, "draw", case.statement.subject, DrawResult):
        why = saying("its result is entry {index}", index=item.index)
        yield Refusal("result-once", why, (item.index,))


@rule("result-late", "draw-result")
def result_in_time(case: Case) -> Iterator[Refusal]:
    """A result is registered by its draw's deadline; behind it the draw has failed.

    The time of the batch is later than `deadline` of the draw (*What is cited*) [it].
    """
    body = case.body
    if not isinstance(body, DrawResult):
        return
    found = resolve(case.view, body.draw)
    if found and isinstance(found.body, Draw) and batch_us(case) > found.body.deadline.us:
        why = saying(
            "the deadline was {deadline}: the draw has failed", deadline=found.body.deadline
        )
        yield Refusal("result-late", why, (found.index,))


@rule("result-sealed", "draw-result")
def result_of_what_was_sealed(case: Case) -> Iterator[Refusal]:
    """Each product that is left has one sealing statement, of those sealed before the reveal, of no other draw's pick.

    Products of `sealings` are not those left in the roles `object/...` (*Picks of a draw*), each
    once; or a `statement` of them is not the digest in its product's place of the `draw-sealed` in
    (`draw`, `sub`) [it]: of each of the `strata` of the draw's programme (*What is cited*), in order,
    `count` places of those that are drawn, then `spares` of those that stand by. A `statement` that another
    `draw-result` in (`draws`, `iss`) names, too [that].
    """
    body = case.body
    if not isinstance(body, DrawResult):
        return
    found = resolve(case.view, body.draw)
    programme = (
        cited_programme(case, found.body) if found and isinstance(found.body, Draw) else None
    )
    if programme is None:
        return
    sealed = sealed_before(case.view, case.statement.subject)
    digests = sealed.body if sealed and isinstance(sealed.body, DrawSealed) else None
    for why in sealing_faults(programme, digests, body):
        yield Refusal("result-sealed", why, () if sealed is None else (sealed.index,))
    own = {item.statement for item in body.sealings}
    for other, statement in _sealings_of_others(case):
        if statement in own:
            why = saying(
                "sealings: {statement} executes a pick of {draw}",
                statement=statement,
                draw=other.subject,
            )
            yield Refusal("result-sealed", why, (other.index,))


def _sealings_of_others(case: Case) -> Iterator[tuple[Standing, str]]:
    """Yield each sealing statement that results of the issuer's other draws name, with the result."""
    for other in standing_of(case.view, "draws", case.statement.issuer, DrawResult):
        if other.subject != case.statement.subject and isinstance(other.body, DrawResult):
            yield from ((other, item.statement) for item in other.body.sealings)


@rule("result-drawn", "draw-result", turn="last")
def result_follows(case: Case) -> Iterator[Refusal]:
    """A result is what follows from the draw, the beacon and the key, and nothing else.

    Of the draw (*What is cited*) and its programme, by the newest `draw-key` before it in (`draws`,
    `iss`): there is none; `signature` or `proof` does not verify (Tickets of a draw); `picks` are others than *Picks of
    a draw*, or in another order; a substitution is of a role without picks, of whom *Picks of a draw*
    does not have then, not-on-sale of a product of which a `listing` stands in (`on-sale`, `category`), or tied-since of who
    would not be passed over (*Picks of a draw*) with the ledger and the time of the batch in place of those of `size` [the draw].
    """
    body = case.body
    if not isinstance(body, DrawResult):
        return
    found = resolve(case.view, body.draw)
    if found is None or not isinstance(found.body, Draw):
        return
    programme = cited_programme(case, found.body)
    if programme is None:
        return
    key = key_of_draws(case.view, case.statement.issuer, found.index)
    if key is None or not isinstance(key.body, DrawKey):
        yield Refusal("result-drawn", saying("there is no key of draws"), (found.index,))
        return
    for why in faults_of(case.view, programme, key.body, found, body, batch_us(case)):
        yield Refusal("result-drawn", why, (found.index,))


def check_witnessed(log_key: str, origin: str, committed: Standing, shown: Witnessed) -> None:
    """Check that a checkpoint of the log has a draw in its tree.

    Raises:
        MalformedError, VerificationError: it is none of this log, or does not have it.

    """
    checkpoint = open_checkpoint(parse_note(shown.checkpoint), parse_vkey(log_key))
    if checkpoint.origin != origin or checkpoint.size <= committed.index:
        raise MalformedError("checkpoint: of another log, or before the draw")
    verify_inclusion(
        index=committed.index,
        size=checkpoint.size,
        leaf=committed.entry.statement.leaf_hash,
        path=[bytes.fromhex(part) for part in shown.path],
        root=checkpoint.root,
    )


@rule("result-witnessed", "draw-result")
def witnessed_is_so(case: Case) -> Iterator[Refusal]:
    """A checkpoint that a result shows is the log's, and has the draw in its tree.

    `witnessed.checkpoint` is no checkpoint signed by `log_key` of (`log`, origin), or `path` does not
    lead from the draw (*What is cited*) to its root [the draw]. What witnesses say of it is for
    *`draw`*.
    """
    body = case.body
    if not isinstance(body, DrawResult) or not isinstance(body.witnessed, Witnessed):
        return
    found = resolve(case.view, body.draw)
    if found is None:
        return
    log_key = log_state(case.view, case.origin).genesis.log_key
    try:
        check_witnessed(log_key, case.origin, found, body.witnessed)
    except (MalformedError, VerificationError) as error:
        yield Refusal("result-witnessed", saying("{why}", why=error), (found.index,))
