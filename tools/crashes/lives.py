"""All lives by name."""

from crashes.ledger_lives import Append, Create, Export, Grow, Import, Publish
from crashes.life import Life
from crashes.state_lives import Erase, Replay, Signer, Witness

EVERY: tuple[Life, ...] = (
    Append(), Grow(), Publish(), Create(), Export(), Import(), Erase(), Witness(), Replay(), Signer(),
)  # fmt: skip
LIVES: dict[str, Life] = {life.name: life for life in EVERY}
