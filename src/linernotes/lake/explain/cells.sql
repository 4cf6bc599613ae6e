-- Every field of an entity of which several providers or sources spoke, or one and a person: the newest that each says,
-- and what the person set. Reads `said`; variable kept: the fields that can be held against each other.
WITH spoken AS (
    SELECT
        entity_type,
        entity_id,
        field,
        provider,
        arg_max(value, (observed_at IS NOT NULL, observed_at, value)) AS value
    FROM said
    WHERE list_contains(getvariable('kept'), entity_type || '.' || field)
    GROUP BY ALL
)

SELECT
    s.entity_type || '.' || s.field AS field,
    list([s.provider, s.value] ORDER BY s.provider) AS said,
    any_value(d.value) AS truth
FROM spoken AS s
LEFT JOIN lake.silver.decision AS d
    ON s.entity_type = d.entity_type AND s.entity_id = d.entity_id AND s.field = d.field AND d.is_locked
GROUP BY s.entity_type, s.entity_id, s.field
HAVING count(*) > 1 OR any_value(d.value) IS NOT NULL
