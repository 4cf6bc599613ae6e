-- What became of what was said, in the share of the entities that a policy decides and in the rest, field by field:
-- variable share. Fields that a person set are left out.
SELECT
    c.entity_type || '.' || c.field AS field,
    c.is_in_share,
    count(*) AS said,
    count(d.value) AS decided,
    avg(d.confidence) AS mean_confidence,
    count(*) FILTER (WHERE d.agreeing > 0) AS agreed,
    count(*) FILTER (WHERE d.is_contested) AS contested
FROM (
    SELECT DISTINCT
        entity_type,
        entity_id,
        field,
        ('0x' || right(entity_id::VARCHAR, 8))::BIGINT < getvariable('share') * 4294967296 AS is_in_share
    FROM said
    WHERE observed_at IS NOT NULL
) AS c
LEFT JOIN lake.silver.decision AS d
    ON c.entity_type = d.entity_type AND c.entity_id = d.entity_id AND c.field = d.field
WHERE NOT coalesce(d.is_locked, FALSE)
GROUP BY ALL
ORDER BY field ASC, c.is_in_share DESC
