-- One row per ISO code of an area, those that ISO no longer has among them. Grain: source, record_id, position.
{{ config(unique_key=["source", "record_id", "position"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    row_number() OVER (PARTITION BY record_id ORDER BY standard, code) AS position,
    standard,
    code
FROM {{ new_records("musicbrainz_area_iso_code") }}
