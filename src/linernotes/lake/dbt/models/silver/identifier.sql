-- One row per identifier printed on a release; value_key is the normalised barcode or ISRC, where it is a valid one.
-- Grain: source, record_id, position.
{{ config(unique_key=["source", "record_id", "position"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    identifier_index + 1 AS position,
    type,
    value,
    CASE type WHEN 'Barcode' THEN barcode_key(value) WHEN 'ISRC' THEN isrc_key(value) END AS value_key,
    description
FROM {{ new_records("discogs_release_identifier") }}
