-- One row per format entry of a release; quantity says how many pieces it stands for.
-- Grain: source, record_id, medium_number.
{{ config(unique_key=["source", "record_id", "medium_number"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    format_index + 1 AS medium_number,
    name AS format,
    quantity(qty) AS quantity,
    qty AS quantity_raw,
    text
FROM {{ new_records("discogs_release_format") }}
