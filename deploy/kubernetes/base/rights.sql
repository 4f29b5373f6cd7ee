-- In the shop's database, as a superuser: who may do what there. The AppHost grants the same (DatabaseAccounts.cs).
REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC;
ALTER SCHEMA public OWNER TO shop_owner;
GRANT USAGE ON SCHEMA public TO shop;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO shop;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO shop;
GRANT pg_read_all_stats TO shop;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO shop;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO shop;
