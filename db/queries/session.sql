-- name: act_for(partner_id, statement_timeout)$
-- Let this transaction see one partner's rows; an empty id sees none, and may add what is public.
-- All that we set ends with the transaction: a pooler may hand the session to somebody else then.
-- Compiling costs more than any of our statements gains by it.
select
    set_config('offerpath.partner_id', :partner_id, true),
    set_config('statement_timeout', :statement_timeout, true),
    set_config('jit', 'off', true);

-- name: role_strength()^
-- Whether row-level security binds the role that is connected, and all that it may become.
select
    current_user::text as role_name,
    bool_or(rolsuper) as is_superuser,
    bool_or(rolbypassrls) as bypasses,
    exists (
        select from pg_database
        where datname = current_database() and pg_has_role(datdba, 'MEMBER')
    )
    or exists (
        select from pg_class
        where relnamespace = to_regnamespace('public') and pg_has_role(relowner, 'MEMBER')
    )
    or exists (
        select from pg_proc
        where pronamespace = to_regnamespace('public') and pg_has_role(proowner, 'MEMBER')
    ) as is_owner,
    -- Before PostgreSQL 16 a role that makes roles may make itself a member of nearly any.
    bool_or(rolcreaterole)
    or has_database_privilege(current_database(), 'CREATE')
    or coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false) as may_create
from pg_roles
where pg_has_role(current_user, oid, 'MEMBER');

-- name: connection_room()^
-- How many connections a role without privileges may open at a time, and what keeps it to that.
select
    current_setting('max_connections')::int as most,
    current_setting('superuser_reserved_connections')::int
    + coalesce(current_setting('reserved_connections', true)::int, 0) as reserved,
    nullif(d.datconnlimit, -1) as most_of_database,
    nullif(r.rolconnlimit, -1) as most_of_role
from pg_database as d
inner join pg_roles as r on r.rolname = current_user
where d.datname = current_database();

-- name: sees_migrations()$
-- Whether there are migrations, and this role may read which.
select coalesce(has_table_privilege(to_regclass('public._pogo_migration'), 'SELECT'), false);

-- name: applied_migrations()
select migration_id from public._pogo_migration
where schema_name = 'public';

-- name: lock_migrations()$
-- Wait for any other process that migrates this database; held until the connection closes.
select pg_advisory_lock(hashtext('offerpath'), hashtext('migrations'));
