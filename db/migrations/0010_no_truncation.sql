-- No partner's work empties a table whole, and no entry of the audit can be changed by mistake
-- depends: 0009_jobs

-- migrate: apply

set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- Row-level security does not bind TRUNCATE. The role owns its tables and could take the right
-- back, but no statement of the application does: whatever gets into one cannot empty a table.
do $$
declare
    name text;
begin
    for name in
        select c.relname from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relrowsecurity
    loop
        execute format('revoke truncate on %I from current_user', name);
    end loop;
end
$$;

revoke update, delete on audit_entry from current_user;

-- migrate: rollback

-- Forward only: going back means restoring the backup taken before the upgrade.
