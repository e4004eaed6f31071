-- By the owner, after each `pinyuan db upgrade`. What the API's role may do, and no more.

BEGIN;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, pinyuan_api;

-- Only ever appended to. No UPDATE, DELETE, TRUNCATE; triggers refuse them to the owner as well
-- on entries and checkpoints.
GRANT SELECT, INSERT ON
  entries, attached, checkpoints, seals, tiles, history_groups, search
TO pinyuan_api;

-- The right edge moves with each batch. No row of it is ever deleted, no key changed.
GRANT SELECT, INSERT ON head, index_pages, cosignatures TO pinyuan_api;
GRANT UPDATE (size, chain, frontier, index_root, seal_idx, seal_id, seal_time_us)
  ON head TO pinyuan_api;
GRANT UPDATE (page) ON index_pages TO pinyuan_api;
GRANT UPDATE (time_s, line) ON cosignatures TO pinyuan_api;

-- Which schema it is.
GRANT SELECT ON alembic_version TO pinyuan_api;

COMMIT;
