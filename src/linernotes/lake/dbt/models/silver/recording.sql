-- One row per thing that plays. Discogs has no recordings of its own: each track stands for one until matching
-- joins them. Headings and the frames of index tracks do not play.
-- Grain: source, record_id, track_number, sub_track_number.
{{ config(materialized="view") }}
{# A view has nothing to take in; its tests look at the records that the tracks took in. #}
{% do new_records("discogs_release_track") %}
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
WHERE kind IN ('track', 'sub_track')
