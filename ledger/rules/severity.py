"""How severely something failed: an inspection by its findings and refused classes, a visit by its findings."""

from ledger.statements.fields import SEVERITIES, Findings, Severity
from ledger.statements.inspection_family import Inspection, plans_of


def _worst(findings: Findings) -> Severity | None:
    """Return how severe the worst finding is, None without any."""
    found = {item.severity for item in findings}
    return next((severity for severity in reversed(SEVERITIES) if severity in found), None)


def inspection_failure(body: Inspection) -> Severity | None:
    """Return how severely an inspection failed: refused, or with a critical finding; None: passed.

    As severely as the worst of its findings and of the classes that refused the lot; a refusal
    that names neither is a major failure.
    """
    found = _worst(body.findings)
    plans = plans_of(body)
    if body.decision == "refused" or any(plan.refused for plan in plans):
        classes = {plan.class_ for plan in plans if plan.refused}
        return next((s for s in reversed(SEVERITIES) if s in (found, *classes)), "major")
    return "critical" if found == "critical" else None


def found_failure(findings: Findings, fails_from: Severity) -> Severity | None:
    """Return how severely an audit or visit failed: from which severity on is the model's to say."""
    found = _worst(findings)
    if found is None or SEVERITIES.index(found) < SEVERITIES.index(fails_from):
        return None
    return found


def severity_rank(failure: Severity | None) -> int:
    """Return how bad a failure is, -1 for a pass."""
    return -1 if failure is None else SEVERITIES.index(failure)
