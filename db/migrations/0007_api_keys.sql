-- Personal API keys: of the secret, its hash alone
-- depends: 0005_superseded_plans

-- migrate: apply

set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- A key is revoked and never deleted, so that what it did can be traced to its maker.
create table api_key (
    partner_id uuid not null references partner on delete cascade,
    key_id uuid not null,
    owner_id text not null,
    owner_label text not null,
    name text not null,
    roles text [] not null,
    partner_type text,
    created_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > created_at),
    last_used_at timestamptz,
    revoked_at timestamptz,
    revoked_by text not null,
    digest bytea not null check (length(digest) = 32),
    primary key (partner_id, key_id)
);
comment on column api_key.owner_id is 'The maker as the sign-in names it; empty where it was off';
comment on column api_key.digest is 'SHA-256 of 32 random bytes, which nobody has but the maker';
create index api_key_newest_first on api_key (partner_id, created_at desc, key_id desc);
create index api_key_of_owner on api_key
(partner_id, owner_id, created_at desc, key_id desc);

alter table api_key enable row level security;
alter table api_key force row level security;
create policy readable on api_key for select using (partner_id = current_partner());
create policy addable on api_key for insert with check (partner_id = current_partner());
create policy changeable on api_key for update
using (partner_id = current_partner()) with check (partner_id = current_partner());

-- migrate: rollback

-- Forward only: going back means restoring the backup taken before the upgrade.
