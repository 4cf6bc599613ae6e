-- One row per release group: a Discogs master, a MusicBrainz release group. Grain: source, record_id.
{{ config(unique_key=["source", "record_id"], record_key=["source", "record_id"]) }}
WITH received AS (
    SELECT
        source,
        record_id,
        load_id,
        record_id AS source_id,
        title,
        NULL::VARCHAR AS type,
        NULL::VARCHAR AS disambiguation,
        partial_date(year).year AS year,
        notes,
        data_quality,
        {{ reference("main_release") }} AS main_release_record_id
    FROM {{ new_records("discogs_master") }}
    UNION ALL
    SELECT
        source,
        record_id,
        load_id,
        gid AS source_id,
        name AS title,
        type,
        nullif(comment, '') AS disambiguation,
        NULL::INTEGER AS year,
        NULL::VARCHAR AS notes,
        NULL::VARCHAR AS data_quality,
        NULL::VARCHAR AS main_release_record_id
    FROM {{ new_records("musicbrainz_release_group") }}
)

SELECT
    r.source,
    r.record_id,
    r.load_id,
    {{ entity_id("release_group", "r.source", "r.source_id") }} AS release_group_id,
    r.source_id,
    r.title,
    r.type,
    r.disambiguation,
    r.year,
    r.notes,
    r.data_quality,
    r.main_release_record_id,
    name_key(r.title) AS title_key,
    g.gone_month
FROM received AS r
LEFT JOIN {{ gone_records() }} AS g
    ON r.source = g.source AND r.record_id = g.record_id AND g.entity_type = 'release_group'
