-- One row per thing that plays. Discogs has no recordings of its own: each track stands for one until matching joins
-- them, and is found by its address; headings and the frames of index tracks do not play. A recording that is a record
-- of its own has 0 as track_number. Grain: source, record_id, track_number, sub_track_number.
{{ config(materialized="view") }}
{# A view has nothing to take in; its tests look at the records that the tracks and recordings took in. #}
{% do new_records("discogs_release_track") %}
{% do new_records("musicbrainz_recording") %}
{% set address = "record_id || '/' || track_number || '/' || sub_track_number" %}
SELECT
    source,
    record_id,
    load_id,
    track_number,
    sub_track_number,
    {{ entity_id("recording", record_id=address) }} AS recording_id,
    title,
    duration_ms
FROM {{ ref("track") }}
WHERE recording_record_id IS NULL AND kind IN ('track', 'sub_track')
UNION ALL
SELECT
    source,
    record_id,
    load_id,
    0 AS track_number,
    0 AS sub_track_number,
    recording_id,
    title,
    duration_ms
FROM {{ ref("source_recording") }}
