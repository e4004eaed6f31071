"""Alembic's entry: run on the connection that ledger.store.schema hands over."""

from alembic import context

from ledger.store.engine import make_engine
from ledger.store.tables import metadata


def run(connection):
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


connection = context.config.attributes.get("connection")
if connection is None:
    url = context.get_x_argument(as_dictionary=True).get("db", "ledger.sqlite")
    with make_engine(url).begin() as connection:
        run(connection)
else:
    run(connection)
