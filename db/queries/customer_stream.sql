-- name: customers_in_order(folded, segment, market)
select customer_id::text
from customer
where
    partner_id = current_partner()
    and (:folded::text is null or strpos(folded, :folded) > 0)
    and (:segment::text is null or segment = :segment)
    and (:market::text is null or market = :market)
order by name, customer_id;

-- name: own_rows_in_order(folded, segment, market)
-- The columns are those of planner.portfolios.portfolio.Held, in its order.
select
    c.customer_id::text,
    c.name,
    s.subscription_id::text,
    s.title,
    s.catalog_id,
    s.seats,
    s.last_day,
    s.state
from customer as c
inner join subscription as s using (partner_id, customer_id)
where
    c.partner_id = current_partner()
    and not s.is_foreign
    and (:folded::text is null or strpos(c.folded, :folded) > 0)
    and (:segment::text is null or c.segment = :segment)
    and (:market::text is null or c.market = :market)
order by c.name, c.customer_id, s.subscription_id;
