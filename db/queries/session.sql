-- name: act_for(partner_id)$
-- Let this transaction see one partner's rows; an empty id sees none, and may add what is public.
select set_config('offerpath.partner_id', :partner_id, true);

-- name: role_strength()^
-- Whether row-level security binds the role that is connected, and all that it may become.
select
    current_user::text as role_name,
    bool_or(rolsuper) as is_superuser,
    bool_or(rolbypassrls) as bypasses
from pg_roles
where pg_has_role(current_user, oid, 'MEMBER');

-- name: applied_migrations()
select migration_id from public._pogo_migration
where schema_name = 'public';

-- name: lock_migrations()$
-- Wait for any other process that migrates this database; held until the connection closes.
select pg_advisory_lock(hashtext('offerpath'), hashtext('migrations'));
