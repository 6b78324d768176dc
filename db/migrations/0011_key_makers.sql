-- What the newest sign-in of each person told: no API key is made with more
-- depends: 0010_no_truncation

-- migrate: apply

set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table key_maker (
    partner_id uuid not null references partner on delete cascade,
    owner_id text not null,
    roles text [] not null,
    told_at timestamptz not null,
    primary key (partner_id, owner_id)
);
comment on table key_maker is
'The roles of each person by the newest access token that was seen: an older one gives none back';
comment on column key_maker.told_at is 'When that token was issued, and not when it was seen';

alter table key_maker enable row level security;
alter table key_maker force row level security;
create policy own on key_maker using (partner_id = current_partner());
revoke truncate on key_maker from current_user;

-- migrate: rollback

-- Forward only: going back means restoring the backup taken before the upgrade.
