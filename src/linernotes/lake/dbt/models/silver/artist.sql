-- One row per artist of a source. Grain: source, record_id.
{{ config(unique_key=["source", "record_id"], record_key=["source", "record_id"]) }}
WITH named AS (
    SELECT *, discogs_name(name) AS parsed_name FROM {{ new_records("discogs_artist") }}
),

received AS (
    SELECT
        n.source,
        n.record_id,
        n.load_id,
        n.record_id AS source_id,
        n.name,
        n.parsed_name.display_name AS display_name,
        n.parsed_name.homonym_number AS homonym_number,
        NULL::VARCHAR AS sort_name,
        NULL::VARCHAR AS type,
        NULL::VARCHAR AS gender,
        NULL::VARCHAR AS area_record_id,
        NULL::VARCHAR AS begin_area_record_id,
        NULL::VARCHAR AS end_area_record_id,
        NULL::VARCHAR AS disambiguation,
        NULL::INTEGER AS begin_year,
        NULL::INTEGER AS begin_month,
        NULL::INTEGER AS begin_day,
        NULL::INTEGER AS end_year,
        NULL::INTEGER AS end_month,
        NULL::INTEGER AS end_day,
        NULL::BOOLEAN AS is_ended,
        n.realname AS real_name,
        n.profile,
        n.data_quality
    FROM named AS n
    UNION ALL
    SELECT
        source,
        record_id,
        load_id,
        gid AS source_id,
        name,
        name AS display_name,
        NULL::INTEGER AS homonym_number,
        sort_name,
        type,
        gender,
        area_id::VARCHAR AS area_record_id,
        begin_area_id::VARCHAR AS begin_area_record_id,
        end_area_id::VARCHAR AS end_area_record_id,
        nullif(comment, '') AS disambiguation,
        begin_date_year AS begin_year,
        begin_date_month AS begin_month,
        begin_date_day AS begin_day,
        end_date_year AS end_year,
        end_date_month AS end_month,
        end_date_day AS end_day,
        ended AS is_ended,
        NULL::VARCHAR AS real_name,
        NULL::VARCHAR AS profile,
        NULL::VARCHAR AS data_quality
    FROM {{ new_records("musicbrainz_artist") }}
)

SELECT
    r.source,
    r.record_id,
    r.load_id,
    {{ entity_id("artist", "r.source", "r.source_id") }} AS artist_id,
    r.source_id,
    r.name,
    r.display_name,
    r.homonym_number,
    r.sort_name,
    r.type,
    r.gender,
    r.area_record_id,
    r.begin_area_record_id,
    r.end_area_record_id,
    r.disambiguation,
    r.begin_year,
    r.begin_month,
    r.begin_day,
    r.end_year,
    r.end_month,
    r.end_day,
    r.is_ended,
    r.real_name,
    r.profile,
    r.data_quality,
    name_key(r.display_name) AS name_key,
    g.gone_month
FROM received AS r
LEFT JOIN {{ gone_records() }} AS g
    ON r.source = g.source AND r.record_id = g.record_id AND g.entity_type = 'artist'
