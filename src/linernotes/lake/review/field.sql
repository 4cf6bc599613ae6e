-- Fields of which providers contradict each other, a row for each value that is said. Reads `entity`, the entities with
-- their names.
WITH contested AS (
    SELECT
        entity_type,
        entity_id,
        field,
        value,
        observation_count,
        md5(concat_ws(' ', entity_type, entity_id::VARCHAR, field))::UUID AS item_id
    FROM lake.silver.decision
    WHERE is_contested
),

chosen AS (
    SELECT * FROM contested
    WHERE item_id = coalesce($item_id::UUID, item_id)
    ORDER BY observation_count DESC, item_id ASC
    LIMIT $most
),

-- What a provider said counts until it answers the same question again.
answered AS (
    SELECT
        o.*,
        coalesce(r.to_id, o.entity_id) AS of_id,
        lead(o.answer_id) OVER (
            PARTITION BY coalesce(r.to_id, o.entity_id), o.provider, o.question, o.field
            ORDER BY o.observed_at, o.answer_id
        ) AS until
    FROM lake.silver.observation AS o
    LEFT JOIN lake.silver.entity_redirect AS r ON o.entity_type = r.entity_type AND o.entity_id = r.from_id
    WHERE o.value IS NOT NULL AND coalesce(r.to_id, o.entity_id) IN (SELECT c.entity_id FROM chosen AS c)
),

said AS (
    SELECT entity_type, of_id, field, value, provider, match, signal, observed_at FROM answered
    WHERE until IS NULL
    UNION ALL
    SELECT
        v.entity_type,
        coalesce(r.to_id, v.entity_id) AS of_id,
        v.field,
        v.value,
        v.source AS provider,
        1 AS match,
        1 AS signal,
        NULL AS observed_at
    FROM lake.silver.source_value AS v
    LEFT JOIN lake.silver.entity_redirect AS r ON v.entity_type = r.entity_type AND v.entity_id = r.from_id
    WHERE coalesce(r.to_id, v.entity_id) IN (SELECT c.entity_id FROM chosen AS c)
),

named AS (
    SELECT e.entity_type, e.entity_id, arg_max(e.name, e.is_leading) AS name, arg_max(e.detail, e.is_leading) AS detail
    FROM entity AS e
    SEMI JOIN chosen AS c ON e.entity_type = c.entity_type AND e.entity_id = c.entity_id
    GROUP BY ALL
)

SELECT
    c.item_id,
    c.entity_type || '.' || c.field AS field,
    c.entity_id,
    c.value AS counts,
    c.observation_count,
    n.name,
    n.detail,
    s.value,
    s.provider,
    s.match,
    s.signal,
    s.observed_at
FROM chosen AS c
INNER JOIN said AS s ON c.entity_type = s.entity_type AND c.entity_id = s.of_id AND c.field = s.field
LEFT JOIN named AS n ON c.entity_type = n.entity_type AND c.entity_id = n.entity_id
ORDER BY c.observation_count DESC, c.item_id ASC, s.value ASC, s.provider ASC, s.observed_at ASC
