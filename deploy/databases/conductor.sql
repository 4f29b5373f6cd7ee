-- In the database postgres: what the registry watches, without reading a row.
GRANT pg_monitor TO conductor;
