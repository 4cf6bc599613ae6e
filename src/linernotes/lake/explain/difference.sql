-- Fields of entities that `trial` decides otherwise than silver does.
CREATE TEMP TABLE difference AS
SELECT
    CASE WHEN d.entity_id IS NULL THEN 'new' WHEN t.entity_id IS NULL THEN 'gone' ELSE 'changed' END AS kind,
    coalesce(t.entity_type, d.entity_type) AS entity_type,
    coalesce(t.entity_id, d.entity_id) AS entity_id,
    coalesce(t.entity_type, d.entity_type) || '.' || coalesce(t.field, d.field) AS field,
    d.value AS before,
    d.provider AS before_provider,
    t.value AS after,
    t.provider AS after_provider
FROM lake.silver.decision AS d
FULL JOIN trial AS t ON d.entity_type = t.entity_type AND d.entity_id = t.entity_id AND d.field = t.field
WHERE d.entity_id IS NULL OR t.entity_id IS NULL OR d.value IS DISTINCT FROM t.value
