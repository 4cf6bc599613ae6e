-- One row per field of an entity that is known: how sure the value is that counts. Where neither a provider nor a
-- person spoke, the sources say, each as sure as the policy holds it to be. Grain: entity_type, entity_id, field.
{{ config(materialized="view") }}
SELECT
    entity_type,
    entity_id,
    field,
    confidence,
    is_contested
FROM {{ ref("decision") }}
WHERE value IS NOT NULL
UNION ALL
SELECT
    v.entity_type,
    coalesce(r.to_id, v.entity_id) AS entity_id,
    v.field,
    arg_min(c.confidence, c.place) AS confidence,
    FALSE AS is_contested
FROM {{ ref("source_value") }} AS v
LEFT JOIN {{ ref("entity_redirect") }} AS r ON v.entity_type = r.entity_type AND v.entity_id = r.from_id
INNER JOIN {{ ref("source_confidence") }} AS c
    ON v.entity_type = c.entity_type AND v.field = c.field AND v.source = c.source
ANTI JOIN {{ ref("decision") }} AS d
    ON v.entity_type = d.entity_type AND coalesce(r.to_id, v.entity_id) = d.entity_id AND v.field = d.field
GROUP BY ALL
