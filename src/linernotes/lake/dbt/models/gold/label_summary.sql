-- One row per label that a source still has, with what the releases say of it. Grain: label_id.
WITH appearances AS (
    SELECT source, label_record_id AS of_record_id, record_id
    FROM {{ ref("release_label") }}
    WHERE label_record_id IS NOT NULL
),

counted AS (
    {{ counted_by_entity("label", {"release_count": "TRUE"}) }}
),

standing AS (
    SELECT source, record_id, label_id, name, parent_label_name
    FROM {{ ref("label") }}
    WHERE gone_month IS NULL
)

SELECT
    a.source,
    a.record_id,
    o.source AS other_source,
    o.record_id AS other_record_id,
    a.label_id,
    {{ survived("label.name", ["name"]) }},
    {{ survived("label.parent_label_name", ["parent_label_name"]) }},
    coalesce(c.release_count, 0) AS release_count,
    c.first_year,
    c.last_year
FROM {{ leading_records("label") }}
LEFT JOIN counted AS c ON a.source = c.source AND a.record_id = c.record_id
WHERE {{ in_slice("a.record_id") }}
