-- One row per release. Grain: source, record_id.
{{ config(unique_key=["source", "record_id"], record_key=["source", "record_id"]) }}
WITH received AS (
    SELECT *, partial_date(released) AS parsed_date FROM {{ new_records("discogs_release") }}
)

SELECT
    r.source,
    r.record_id,
    r.load_id,
    {{ entity_id("release", "r.source", "r.record_id") }} AS release_id,
    r.title,
    name_key(r.title) AS title_key,
    r.status,
    r.country,
    r.released,
    r.parsed_date.year AS released_year,
    r.parsed_date.month AS released_month,
    r.parsed_date.day AS released_day,
    r.notes,
    r.data_quality,
    {{ reference("r.master_id") }} AS release_group_record_id,
    TRY_CAST(r.is_main_release AS BOOLEAN) AS is_main_release,
    g.gone_month
FROM received AS r
LEFT JOIN {{ gone_records() }} AS g ON r.source = g.source AND r.record_id = g.record_id
