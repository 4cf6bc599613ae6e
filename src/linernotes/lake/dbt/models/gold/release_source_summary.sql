-- One row per release of a source, as a list of releases shows it. Grain: source, record_id.
{{ config(
    materialized="incremental",
    incremental_strategy="records",
    on_schema_change="fail",
    unique_key=["source", "record_id"],
    record_key=["source", "record_id"],
) }}
{# The records of the release alone decide its summary: new_records names the bronze tables that say which changed. #}
{% do new_records("discogs_release") %}
{% do new_records("musicbrainz_release") %}
{% set of_changed = "SEMI JOIN changed USING (source, record_id)" if is_incremental() else "" %}
WITH
{% if is_incremental() %}
changed AS MATERIALIZED (
    SELECT source, record_id FROM {{ changed_records() }} WHERE {{ in_slice("record_id") }}
),
{% endif %}
-- Most releases have one artist; only the others are put together, since DuckDB cannot spill what it puts together.
of_several AS (
    SELECT c.source, c.record_id FROM {{ ref("artist_credit") }} AS c
    {{ of_changed }}
    WHERE c.entity_type = 'release' AND c.position = 2 AND {{ in_slice("c.record_id") }}
),

credits AS (
    SELECT c.source, c.record_id, {{ credit_line("c.credited_name", "c.join_phrase", "c.position") }} AS artist_credit
    FROM {{ ref("artist_credit") }} AS c
    SEMI JOIN of_several AS s ON c.source = s.source AND c.record_id = s.record_id
    WHERE c.entity_type = 'release'
    GROUP BY ALL
),

tracks AS (
    SELECT k.source, k.record_id, count(*) AS track_count, sum(k.duration_ms) AS duration_ms
    FROM {{ ref("track") }} AS k
    {{ of_changed }}
    WHERE k.kind IN ('track', 'sub_track') AND {{ in_slice("k.record_id") }}
    GROUP BY ALL
)

SELECT
    t.source,
    t.record_id,
    t.release_id,
    t.title,
    coalesce(s.artist_credit, c.credited_name) AS artist_credit,
    l.label_name,
    l.catalogue_number,
    t.released_year,
    t.country,
    m.format,
    g.genre,
    coalesce(k.track_count, 0) AS track_count,
    k.duration_ms::BIGINT AS duration_ms,
    t.gone_month
FROM {{ ref("release") }} AS t
{% if is_incremental() %}
INNER JOIN changed AS d ON t.source = d.source AND t.record_id = d.record_id
{% endif %}
LEFT JOIN credits AS s ON t.source = s.source AND t.record_id = s.record_id
LEFT JOIN {{ ref("artist_credit") }} AS c
    ON
        t.source = c.source AND t.record_id = c.record_id AND c.position = 1 AND c.entity_type = 'release'
        AND {{ in_slice("c.record_id") }}
LEFT JOIN {{ ref("release_label") }} AS l
    ON t.source = l.source AND t.record_id = l.record_id AND l.position = 1 AND {{ in_slice("l.record_id") }}
LEFT JOIN {{ ref("medium") }} AS m
    ON t.source = m.source AND t.record_id = m.record_id AND m.medium_number = 1 AND {{ in_slice("m.record_id") }}
LEFT JOIN {{ ref("genre") }} AS g
    ON
        t.source = g.source AND t.record_id = g.record_id AND g.position = 1 AND g.entity_type = 'release'
        AND {{ in_slice("g.record_id") }}
LEFT JOIN tracks AS k ON t.source = k.source AND t.record_id = k.record_id
WHERE {{ in_slice("t.record_id") }}
