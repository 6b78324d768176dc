-- A plan that another one was approved in the place of, and what a plan has read
-- depends: 0004_accounts

-- migrate: apply

set local lock_timeout = '5s';
set local statement_timeout = '60s';

alter table plan add column facts jsonb;
comment on column plan.facts is
'The customer as the plan has read it; null for a plan saved before this was kept';

alter table plan_event add column superseded_by uuid;
comment on column plan_event.superseded_by is 'The plan that was approved in its place';

-- One kind more: what stands was held to the narrower list, so nothing need be read again.
-- squawk-ignore ban-drop-constraint
alter table plan_event drop constraint plan_event_kind_check;
alter table plan_event add constraint plan_event_kind_check
check (kind in ('SAVED', 'APPROVED', 'REJECTED', 'STEP_DONE', 'STEP_FAILED', 'SUPERSEDED'))
not valid;
alter table plan_event add constraint plan_event_superseded_by_check
check ((superseded_by is not null) = (kind = 'SUPERSEDED')) not valid;

-- migrate: rollback

-- Forward only: going back means restoring the backup taken before the upgrade.
