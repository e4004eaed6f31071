-- Once, by a superuser connected to the ledger's own database, before `pinyuan db upgrade`.
-- The owner migrates and rebuilds; the API's role appends and reads. Neither owns the other.
-- Passwords are set apart (\password pinyuan_api), or pg_hba.conf asks for none.

DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['pinyuan_owner', 'pinyuan_api'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      EXECUTE format(
        'CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role);
    END IF;
  END LOOP;
  -- Nobody else connects; no temporary table stands before one of the ledger's.
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO pinyuan_owner, pinyuan_api', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO pinyuan_owner;
GRANT USAGE ON SCHEMA public TO pinyuan_api;
