-- Fields of which providers contradict each other, a row for each that speaks. Reads `said`, and `entity`, the entities
-- with their names.
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
    s.signal
FROM chosen AS c
INNER JOIN said AS s ON c.entity_type = s.entity_type AND c.entity_id = s.entity_id AND c.field = s.field
LEFT JOIN named AS n ON c.entity_type = n.entity_type AND c.entity_id = n.entity_id
ORDER BY c.observation_count DESC, c.item_id ASC, s.value ASC, s.provider ASC, s.match DESC, s.signal DESC
