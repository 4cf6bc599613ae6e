-- One row per artist that a source still has, with what the releases say of it. Grain: artist_id.
WITH appearances AS (
    SELECT source, artist_record_id AS of_record_id, record_id, TRUE AS is_main
    FROM {{ ref("artist_credit") }}
    WHERE entity_type = 'release' AND artist_record_id IS NOT NULL
    UNION ALL
    SELECT source, artist_record_id AS of_record_id, record_id, FALSE AS is_main
    FROM {{ ref("release_credit") }}
    WHERE artist_record_id IS NOT NULL
),

counted AS (
    {{ counted_by_entity("artist", {"release_count": "p.is_main", "credited_release_count": "NOT p.is_main"}) }}
),

standing AS (
    SELECT source, record_id, artist_id, display_name AS name, homonym_number
    FROM {{ ref("artist") }}
    WHERE gone_month IS NULL
)

SELECT
    a.source,
    a.record_id,
    o.source AS other_source,
    o.record_id AS other_record_id,
    a.artist_id,
    {{ survived("artist.name", ["name", "homonym_number"]) }},
    coalesce(c.release_count, 0) AS release_count,
    coalesce(c.credited_release_count, 0) AS credited_release_count,
    c.first_year,
    c.last_year
FROM {{ leading_records("artist") }}
LEFT JOIN counted AS c ON a.source = c.source AND a.record_id = c.record_id
WHERE {{ in_slice("a.record_id") }}
