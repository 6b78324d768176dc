-- Who asked to import, export, save, decide or make keys, when and from where
-- depends: 0007_api_keys

-- migrate: apply

set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- Entries are read and added, never changed or taken back: there is no policy for either. They
-- outlive their partner, so nothing is referred to.
create table audit_entry (
    partner_id uuid not null,
    entry_id uuid not null,
    "at" timestamptz not null,
    action text not null,
    subject text not null,
    is_permitted boolean not null,
    actor_kind text not null,
    actor_id text not null,
    actor_label text not null,
    key_id text,
    roles text [] not null,
    address text,
    primary key (partner_id, entry_id)
);
comment on column audit_entry.is_permitted is
'Whether the roles admitted it; what came of it the thing''s own history tells';
comment on column audit_entry.address is 'Null for the command line';
create index audit_newest_first on audit_entry (partner_id, "at" desc, entry_id desc);
create index audit_of_action on audit_entry (partner_id, action, "at" desc, entry_id desc);

alter table audit_entry enable row level security;
alter table audit_entry force row level security;
create policy readable on audit_entry for select using (partner_id = current_partner());
create policy addable on audit_entry for insert with check (partner_id = current_partner());

-- migrate: rollback

-- Forward only: going back means restoring the backup taken before the upgrade.
