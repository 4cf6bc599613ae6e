-- One row per medium of a release: a format entry of Discogs, whose quantity says how many pieces it stands for, or a
-- disc of MusicBrainz. Grain: source, record_id, medium_number.
{{ config(unique_key=["source", "record_id", "medium_number"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    format_index + 1 AS medium_number,
    name AS format,
    quantity(qty) AS quantity,
    qty AS quantity_raw,
    text,
    NULL::INTEGER AS track_count
FROM {{ new_records("discogs_release_format") }}
UNION ALL
SELECT
    source,
    record_id,
    load_id,
    position AS medium_number,
    format,
    1 AS quantity,
    NULL::VARCHAR AS quantity_raw,
    nullif(name, '') AS text,
    track_count
FROM {{ new_records("musicbrainz_release_medium") }}
