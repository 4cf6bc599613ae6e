-- One row per release; where it came out several times, its date and country are those of the first.
-- Grain: source, record_id.
{{ config(unique_key=["source", "record_id"], record_key=["source", "record_id"]) }}
WITH first_event AS (
    SELECT * FROM {{ new_records("musicbrainz_release_event") }}
    QUALIFY row_number() OVER (
        PARTITION BY record_id
        ORDER BY date_year NULLS LAST, date_month NULLS LAST, date_day NULLS LAST, area_name, area_id
    ) = 1
),

dated AS (
    SELECT *, partial_date(released) AS parsed_date FROM {{ new_records("discogs_release") }}
),

received AS (
    SELECT
        d.source,
        d.record_id,
        d.load_id,
        d.record_id AS source_id,
        d.title,
        d.status,
        NULL::VARCHAR AS packaging,
        NULL::VARCHAR AS language_code,
        NULL::VARCHAR AS script_code,
        NULL::VARCHAR AS disambiguation,
        d.country,
        d.released,
        d.parsed_date.year AS released_year,
        d.parsed_date.month AS released_month,
        d.parsed_date.day AS released_day,
        d.notes,
        d.data_quality,
        {{ reference("d.master_id") }} AS release_group_record_id,
        TRY_CAST(d.is_main_release AS BOOLEAN) AS is_main_release
    FROM dated AS d
    UNION ALL
    SELECT
        r.source,
        r.record_id,
        r.load_id,
        r.gid AS source_id,
        r.name AS title,
        r.status,
        r.packaging,
        r.language_code,
        r.script_code,
        nullif(r.comment, '') AS disambiguation,
        e.area_name AS country,
        {{ date_text("e.date_year", "e.date_month", "e.date_day") }} AS released,
        e.date_year AS released_year,
        e.date_month AS released_month,
        e.date_day AS released_day,
        NULL::VARCHAR AS notes,
        NULL::VARCHAR AS data_quality,
        r.release_group_id::VARCHAR AS release_group_record_id,
        NULL::BOOLEAN AS is_main_release
    FROM {{ new_records("musicbrainz_release") }} AS r
    LEFT JOIN first_event AS e ON r.record_id = e.record_id
)

SELECT
    r.source,
    r.record_id,
    r.load_id,
    {{ entity_id("release", "r.source", "r.source_id") }} AS release_id,
    r.source_id,
    r.title,
    r.status,
    r.packaging,
    r.language_code,
    r.script_code,
    r.disambiguation,
    r.country,
    r.released,
    r.released_year,
    r.released_month,
    r.released_day,
    r.notes,
    r.data_quality,
    r.release_group_record_id,
    r.is_main_release,
    name_key(r.title) AS title_key,
    g.gone_month
FROM received AS r
LEFT JOIN {{ gone_records() }} AS g
    ON r.source = g.source AND r.record_id = g.record_id AND g.entity_type = 'release'
