-- name: current_version()^
-- A partner's newest own version, else the newest public one.
select
    version_id::text,
    content_hash,
    partner_id::text as owner_partner_id,
    label,
    created_at,
    counts
from catalog_version
order by partner_id nulls last, created_at desc, version_id
limit 1;

-- name: version_by_id(version_id)^
select
    version_id::text,
    content_hash,
    partner_id::text as owner_partner_id,
    label,
    created_at,
    counts
from catalog_version
where version_id = :version_id::uuid;

-- name: public_version_by_hash(content_hash)^
select
    version_id::text,
    content_hash,
    partner_id::text as owner_partner_id,
    label,
    created_at,
    counts
from catalog_version
where partner_id is null and content_hash = :content_hash;

-- name: add_version(content_hash, label, counts)^
-- No row where this owner has a version of the same content, even one committed just now.
insert into catalog_version (partner_id, content_hash, label, counts)
values (current_partner(), :content_hash, :label, :counts::jsonb)
on conflict (partner_id, content_hash) do nothing
returning
    version_id::text,
    content_hash,
    partner_id::text as owner_partner_id,
    label,
    created_at,
    counts;
