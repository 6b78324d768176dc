-- name: announce(kind, ids)$
-- Tell every process what this transaction stores, once it is committed; whose it is, it says
-- itself. A payload has room for 8,000 bytes.
select pg_notify(
    'offerpath_changes',
    json_build_object(
        'kind', :kind::text, 'partner', current_partner(), 'ids', :ids::text []
    )::text
);

-- name: announce_plan(plan_id)$
-- The same for a plan, with its customer.
select pg_notify(
    'offerpath_changes',
    json_build_object(
        'kind', 'PLAN', 'partner', partner_id, 'ids', array[plan_id, customer_id]
    )::text
)
from plan
where partner_id = current_partner() and plan_id = :plan_id::uuid;

-- name: still_there()$
-- Whether the server answers on a connection that is quiet.
select true;

-- name: begin_job(job_id, kind, phase, done, total)$
-- Null where the partner has a job of that id.
insert into job (partner_id, job_id, kind, phase, done, total)
values (current_partner(), :job_id::uuid, :kind, :phase, :done, :total)
on conflict (partner_id, job_id) do nothing
returning job_id::text;

-- name: forget_jobs()!
delete from job
where partner_id = current_partner() and changed_at < now() - interval '1 day';

-- name: update_job(job_id, phase, done, total, state, code)$
-- Null where nothing of that id runs.
update job
set
    phase = :phase,
    done = :done,
    total = :total,
    state = :state,
    code = :code,
    changed_at = now()
where
    partner_id = current_partner() and job_id = :job_id::uuid and state = 'RUNNING'
returning job_id::text;

-- name: job_by_id(job_id)^
select
    job_id::text,
    kind,
    phase,
    done,
    total,
    case
        when state = 'RUNNING' and changed_at < now() - interval '1 minute' then 'LOST'
        else state
    end as state,
    code,
    started_at,
    changed_at
from job
where partner_id = current_partner() and job_id = :job_id::uuid;
