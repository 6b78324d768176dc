#!/bin/sh
# Make the roles and the database of offerpath: one owns the tables, the other owns nothing and is
# what the application connects as. For neither may row-level security be bypassed.
# The superuser then has no password:
# `docker compose exec db psql --username postgres` still gets in, the network does not.
set -e
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password POSTGRES_PASSWORD
\getenv app_password OFFERPATH_APP_PASSWORD
\getenv superuser POSTGRES_USER
CREATE ROLE offerpath LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
CREATE ROLE offerpath_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';
CREATE DATABASE offerpath OWNER offerpath;
ALTER ROLE :"superuser" PASSWORD NULL;
SQL
