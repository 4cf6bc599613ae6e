-- One row per entry of a track list, numbered through all media; sub_track_number 0 is the entry itself, 1 and up are
-- its sub-tracks.
-- Grain: source, record_id, track_number, sub_track_number.
{{ config(
    unique_key=["source", "record_id", "track_number", "sub_track_number"],
    record_key=["source", "record_id"],
) }}
WITH indexed AS (
    SELECT DISTINCT record_id, load_id, track_index FROM {{ new_records("discogs_release_sub_track") }}
)

SELECT
    t.source,
    t.record_id,
    t.load_id,
    t.track_index + 1 AS track_number,
    0 AS sub_track_number,
    track_kind(t.position, t.duration, i.track_index IS NOT NULL) AS kind,
    t.position,
    t.title,
    t.duration,
    duration_ms(t.duration) AS duration_ms,
    NULL::INTEGER AS medium_number,
    NULL::VARCHAR AS recording_record_id,
    NULL::VARCHAR AS source_id
FROM {{ new_records("discogs_release_track") }} AS t
LEFT JOIN indexed AS i ON t.record_id = i.record_id AND t.load_id = i.load_id AND t.track_index = i.track_index
UNION ALL
SELECT
    source,
    record_id,
    load_id,
    track_index + 1 AS track_number,
    sub_track_index + 1 AS sub_track_number,
    'sub_track' AS kind,
    position,
    title,
    duration,
    duration_ms(duration) AS duration_ms,
    NULL::INTEGER AS medium_number,
    NULL::VARCHAR AS recording_record_id,
    NULL::VARCHAR AS source_id
FROM {{ new_records("discogs_release_sub_track") }}
UNION ALL
SELECT
    source,
    record_id,
    load_id,
    row_number() OVER (PARTITION BY record_id ORDER BY medium_position, position, gid) AS track_number,
    0 AS sub_track_number,
    CASE WHEN is_data_track THEN 'data_track' ELSE 'track' END AS kind,
    number AS position,
    name AS title,
    NULL::VARCHAR AS duration,
    length AS duration_ms,
    medium_position AS medium_number,
    recording_id::VARCHAR AS recording_record_id,
    gid AS source_id
FROM {{ new_records("musicbrainz_release_track") }}
