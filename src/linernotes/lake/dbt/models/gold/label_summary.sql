-- One row per label that its source still has, with what the releases say of it. Grain: source, record_id.
WITH counted AS (
    SELECT
        l.source,
        l.label_record_id,
        count(DISTINCT l.record_id) AS release_count,
        min(r.released_year) AS first_year,
        max(r.released_year) AS last_year
    FROM {{ ref("release_label") }} AS l
    INNER JOIN {{ ref("release") }} AS r ON l.source = r.source AND l.record_id = r.record_id
    WHERE r.gone_month IS NULL AND l.label_record_id IS NOT NULL AND {{ in_slice("l.label_record_id") }}
    GROUP BY ALL
)

SELECT
    l.source,
    l.record_id,
    l.label_id,
    l.name,
    l.parent_label_name,
    coalesce(c.release_count, 0) AS release_count,
    c.first_year,
    c.last_year
FROM {{ ref("label") }} AS l
LEFT JOIN counted AS c ON l.source = c.source AND l.record_id = c.label_record_id
WHERE l.gone_month IS NULL AND {{ in_slice("l.record_id") }}
