-- One row per date and place where a release came out; without a place where its source does not know it.
-- Grain: source, record_id, position.
{{ config(unique_key=["source", "record_id", "position"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    row_number() OVER (
        PARTITION BY record_id
        ORDER BY date_year NULLS LAST, date_month NULLS LAST, date_day NULLS LAST, area_name, area_id
    ) AS position,
    area_id::VARCHAR AS area_record_id,
    area_name,
    date_year AS year,
    date_month AS month,
    date_day AS day
FROM {{ new_records("musicbrainz_release_event") }}
