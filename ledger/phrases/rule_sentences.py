"""The sentences of what is refused beside the registration rules, whose sentences are their docstrings."""

from collections.abc import Mapping

from ledger.texts import Words

BESIDE: Mapping[str, Words] = {
    "registered-with-other-signature": Words(
        "The same statement is registered already, with other bytes of its signature: those, and their receipt, count."
    ),
    "sealing-key": Words(
        "The key that this process seals with does not end: the ledger is opened with another key of the operator first."
    ),
}
"""Id -> sentence."""
