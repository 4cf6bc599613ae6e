-- One row per artist that its source still has, with what the releases say of it. Grain: source, record_id.
WITH appearances AS (
    SELECT c.source, c.artist_record_id, c.record_id, 'main' AS part
    FROM {{ ref("artist_credit") }} AS c
    WHERE c.entity_type = 'release' AND c.artist_record_id IS NOT NULL AND {{ in_slice("c.artist_record_id") }}
    UNION ALL
    SELECT source, artist_record_id, record_id, 'credit' AS part
    FROM {{ ref("release_credit") }}
    WHERE artist_record_id IS NOT NULL AND {{ in_slice("artist_record_id") }}
),

counted AS (
    SELECT
        a.source,
        a.artist_record_id,
        count(DISTINCT a.record_id) FILTER (WHERE a.part = 'main') AS release_count,
        count(DISTINCT a.record_id) FILTER (WHERE a.part = 'credit') AS credited_release_count,
        min(r.released_year) AS first_year,
        max(r.released_year) AS last_year
    FROM appearances AS a
    INNER JOIN {{ ref("release") }} AS r ON a.source = r.source AND a.record_id = r.record_id
    WHERE r.gone_month IS NULL
    GROUP BY ALL
)

SELECT
    a.source,
    a.record_id,
    a.artist_id,
    a.display_name AS name,
    a.homonym_number,
    coalesce(c.release_count, 0) AS release_count,
    coalesce(c.credited_release_count, 0) AS credited_release_count,
    c.first_year,
    c.last_year
FROM {{ ref("artist") }} AS a
LEFT JOIN counted AS c ON a.source = c.source AND a.record_id = c.artist_record_id
WHERE a.gone_month IS NULL AND {{ in_slice("a.record_id") }}
