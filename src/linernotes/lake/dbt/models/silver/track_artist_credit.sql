-- One row per artist credited for a track or sub-track, in order; MusicBrainz' only where it is not the release's.
-- Grain: source, record_id, track_number, sub_track_number, position.
{{ config(
    unique_key=["source", "record_id", "track_number", "sub_track_number", "position"],
    record_key=["source", "record_id"],
) }}
WITH numbered AS (
    SELECT
        record_id,
        medium_position,
        position,
        row_number() OVER (PARTITION BY record_id ORDER BY medium_position, position, gid) AS track_number
    FROM {{ new_records("musicbrainz_release_track") }}
)

{% for table, sub_track in [
    ("discogs_release_track_artist", "0"), ("discogs_release_sub_track_artist", "sub_track_index + 1")
] %}
SELECT
    source,
    record_id,
    load_id,
    track_index + 1 AS track_number,
    {{ sub_track }} AS sub_track_number,
    artist_index + 1 AS position,
    {{ reference("id") }} AS artist_record_id,
    name AS artist_name,
    coalesce(anv, {{ display_name("name") }}) AS credited_name,
    join_phrase("join") AS join_phrase
FROM {{ new_records(table) }}
UNION ALL
{% endfor %}
SELECT
    c.source,
    c.record_id,
    c.load_id,
    n.track_number,
    0 AS sub_track_number,
    c.position + 1 AS position,
    c.artist_id::VARCHAR AS artist_record_id,
    c.name AS artist_name,
    c.name AS credited_name,
    c.join_phrase
FROM {{ new_records("musicbrainz_release_track_artist") }} AS c
INNER JOIN numbered AS n
    ON
        c.record_id = n.record_id
        AND c.medium_position = n.medium_position
        AND c.track_position = n.position
