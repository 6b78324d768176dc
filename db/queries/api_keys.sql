-- name: lock_api_keys_of(owner_id)!
-- Whoever adds a key of this owner, or changes its roles, waits until this transaction ends.
select pg_advisory_xact_lock(
    hashtext('api_key'), hashtext(current_partner()::text || ' ' || :owner_id)
);

-- name: add_api_key(row, digest)!
insert into api_key (
    partner_id,
    key_id,
    owner_id,
    owner_label,
    name,
    roles,
    partner_type,
    created_at,
    expires_at,
    revoked_by,
    digest
)
select
    current_partner(),
    given.key_id,
    given.owner_id,
    given.owner_label,
    given.name,
    given.roles,
    given.partner_type,
    given.created_at,
    given.expires_at,
    '',
    :digest
from json_populate_record(null::api_key, :row::json) as given;

-- name: api_key(key_id)^
-- The columns before the hash are those of resolvers.records.keys.ApiKey, in its order.
select
    key_id::text,
    owner_id,
    owner_label,
    name,
    to_json(roles)::text as roles,
    partner_type,
    created_at,
    expires_at,
    last_used_at,
    revoked_at,
    revoked_by,
    digest
from api_key
where partner_id = current_partner() and key_id = :key_id::uuid;

-- name: page_of_api_keys(owner_id, after_created_at, after_id, wanted)
-- The columns are those of resolvers.records.keys.ApiKey, in its order.
select
    key_id::text,
    owner_id,
    owner_label,
    name,
    to_json(roles)::text as roles,
    partner_type,
    created_at,
    expires_at,
    last_used_at,
    revoked_at,
    revoked_by
from api_key
where
    partner_id = current_partner()
    and (:owner_id::text is null or owner_id = :owner_id)
    and (
        :after_created_at::timestamptz is null
        or (created_at, key_id) < (:after_created_at, :after_id::uuid)
    )
order by created_at desc, key_id desc
limit :wanted;

-- name: count_of_api_keys(owner_id)$
select count(*) from api_key
where partner_id = current_partner() and (:owner_id::text is null or owner_id = :owner_id);

-- name: live_api_keys(owner_id, now)$
select count(*) from api_key
where
    partner_id = current_partner()
    and owner_id = :owner_id
    and revoked_at is null
    and expires_at > :now::timestamptz;

-- name: revoke_api_key(key_id, by, now)!
update api_key set revoked_at = :now::timestamptz, revoked_by = :by
where partner_id = current_partner() and key_id = :key_id::uuid and revoked_at is null;

-- name: touch_api_key(key_id, now)!
-- Of many requests within a minute one writes.
update api_key set last_used_at = :now::timestamptz
where
    partner_id = current_partner()
    and key_id = :key_id::uuid
    and (last_used_at is null or last_used_at <= :now::timestamptz - interval '1 minute');

-- name: note_key_maker(owner_id, roles, told_at)!
-- Of two tokens the one issued later counts, and of the same second what both say. A partner that
-- is not stored has no people.
insert into key_maker (partner_id, owner_id, roles, told_at)
select
    partner_id,
    :owner_id,
    :roles::text [],
    :told_at::timestamptz
from partner
where partner_id = current_partner()
on conflict (partner_id, owner_id) do update
    set
        told_at = excluded.told_at,
        roles = case
            when key_maker.told_at < excluded.told_at then excluded.roles
            else array(
                select held from unnest(key_maker.roles) as held
                where held = any(excluded.roles)
                order by held
            )
        end
where
    key_maker.told_at < excluded.told_at
    or (key_maker.told_at = excluded.told_at and not key_maker.roles <@ excluded.roles);

-- name: roles_of_key_maker(owner_id)$
-- None of a person of whom no token was seen.
select roles from key_maker
where partner_id = current_partner() and owner_id = :owner_id;

-- name: narrow_api_keys_of(owner_id, roles)$
with narrowed as (
    update api_key
    set
        roles = array(
            select held from unnest(roles) as held where held = any(:roles::text []) order by held
        )
    where
        partner_id = current_partner()
        and owner_id = :owner_id
        and revoked_at is null
        and not roles <@ :roles::text []
    returning key_id
)

select count(*) from narrowed;
