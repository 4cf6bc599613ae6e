-- Some of the differences, a few of each field, with the names of the entities: variable most.
WITH shown AS (
    SELECT * EXCLUDE (kind) FROM difference
    QUALIFY row_number() OVER (PARTITION BY field, kind ORDER BY entity_id) <= getvariable('most')
)

SELECT
    s.entity_type,
    s.entity_id,
    (
        SELECT arg_max(e.name, e.is_leading) FROM entity AS e
        WHERE e.entity_type = s.entity_type AND e.entity_id = s.entity_id
    ) AS name,
    s.field,
    s.before,
    s.before_provider,
    s.after,
    s.after_provider
FROM shown AS s
ORDER BY s.field ASC, s.entity_id ASC
LIMIT getvariable('most')
