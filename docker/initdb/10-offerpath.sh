#!/bin/sh
# Make the role and the database of offerpath. It refuses a superuser or a role with BYPASSRLS,
# for which row-level security does not hold. The superuser then has no password:
# `docker compose exec db psql --username postgres` still gets in, the network does not.
set -e
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password POSTGRES_PASSWORD
\getenv superuser POSTGRES_USER
CREATE ROLE offerpath LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE offerpath OWNER offerpath;
ALTER ROLE :"superuser" PASSWORD NULL;
SQL
