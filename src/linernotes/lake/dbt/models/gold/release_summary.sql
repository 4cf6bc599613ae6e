-- One row per release, as a list of releases shows it. Grain: source, record_id.
{{ config(
    materialized="incremental",
    incremental_strategy="records",
    on_schema_change="fail",
    unique_key=["source", "record_id"],
    record_key=["source", "record_id"],
) }}
{# The records of the release alone decide its summary: new_records names the bronze table that says which changed. #}
{% do new_records("discogs_release") %}
{% set of_taken = "SEMI JOIN taken USING (source, record_id)" if is_incremental() else "" %}
WITH taken AS (
    SELECT r.* FROM {{ ref("release") }} AS r
    {% if is_incremental() %}
    SEMI JOIN {{ changed_records() }} AS c ON r.source = c.source AND r.record_id = c.record_id
    {% endif %}
    WHERE {{ in_slice("r.record_id") }}
),

credits AS (
    SELECT c.source, c.record_id, {{ credit_line("c.credited_name", "c.join_phrase", "c.position") }} AS artist_credit
    FROM {{ ref("artist_credit") }} AS c
    {{ of_taken }}
    WHERE c.entity_type = 'release' AND {{ in_slice("c.record_id") }}
    GROUP BY ALL
),

labels AS (
    SELECT
        l.source,
        l.record_id,
        arg_min(l.label_name, l.position) AS label_name,
        arg_min(l.catalogue_number, l.position) AS catalogue_number
    FROM {{ ref("release_label") }} AS l
    {{ of_taken }}
    WHERE {{ in_slice("l.record_id") }}
    GROUP BY ALL
),

media AS (
    SELECT m.source, m.record_id, arg_min(m.format, m.medium_number) AS format
    FROM {{ ref("medium") }} AS m
    {{ of_taken }}
    WHERE {{ in_slice("m.record_id") }}
    GROUP BY ALL
),

tracks AS (
    SELECT k.source, k.record_id, count(*) AS track_count, sum(k.duration_ms) AS duration_ms
    FROM {{ ref("track") }} AS k
    {{ of_taken }}
    WHERE k.kind IN ('track', 'sub_track') AND {{ in_slice("k.record_id") }}
    GROUP BY ALL
),

genres AS (
    SELECT g.source, g.record_id, arg_min(g.genre, g.position) AS genre
    FROM {{ ref("genre") }} AS g
    {{ of_taken }}
    WHERE g.entity_type = 'release' AND {{ in_slice("g.record_id") }}
    GROUP BY ALL
)

SELECT
    t.source,
    t.record_id,
    t.release_id,
    t.title,
    c.artist_credit,
    l.label_name,
    l.catalogue_number,
    t.released_year,
    t.country,
    m.format,
    g.genre,
    coalesce(k.track_count, 0) AS track_count,
    k.duration_ms::BIGINT AS duration_ms,
    t.gone_month
FROM taken AS t
LEFT JOIN credits AS c ON t.source = c.source AND t.record_id = c.record_id
LEFT JOIN labels AS l ON t.source = l.source AND t.record_id = l.record_id
LEFT JOIN media AS m ON t.source = m.source AND t.record_id = m.record_id
LEFT JOIN genres AS g ON t.source = g.source AND t.record_id = g.record_id
LEFT JOIN tracks AS k ON t.source = k.source AND t.record_id = k.record_id
