-- Long work under way: how far it got, for those who follow it from any process
-- depends: 0008_audit

-- migrate: apply

set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table job (
    partner_id uuid not null references partner on delete cascade,
    job_id uuid not null,
    kind text not null check (kind in ('IMPORT', 'REPORT')),
    phase text not null check (phase in ('READING', 'CHECKING', 'STORING', 'WRITING')),
    done bigint not null check (done >= 0),
    total bigint check (total >= 0),
    state text not null default 'RUNNING'
    check (state in ('RUNNING', 'DONE', 'REFUSED', 'FAILED', 'CANCELLED')),
    code text,
    started_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    primary key (partner_id, job_id)
);
comment on table job is
'Long work by the id that its client chose; what has not changed for a day is deleted';

alter table job enable row level security;
alter table job force row level security;
create policy own on job using (partner_id = current_partner());

-- migrate: rollback

-- Forward only: going back means restoring the backup taken before the upgrade.
