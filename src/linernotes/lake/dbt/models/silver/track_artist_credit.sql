-- One row per artist credited for a track or sub-track, in order.
-- Grain: source, record_id, track_number, sub_track_number, position.
{{ config(
    unique_key=["source", "record_id", "track_number", "sub_track_number", "position"],
    record_key=["source", "record_id"],
) }}
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
{{ "UNION ALL" if not loop.last }}
{% endfor %}
