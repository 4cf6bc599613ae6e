-- One row per artist credited for a release group, a release or a recording, in order.
-- Grain: source, entity_type, record_id, position.
{{ config(
    unique_key=["source", "entity_type", "record_id", "position"],
    record_key=["source", "entity_type", "record_id"],
) }}
{% for table in ["discogs_master_artist", "discogs_release_artist"] %}
SELECT
    source,
    record_type AS entity_type,
    record_id,
    load_id,
    artist_index + 1 AS position,
    {{ reference("id") }} AS artist_record_id,
    name AS artist_name,
    coalesce(anv, {{ display_name("name") }}) AS credited_name,
    join_phrase("join") AS join_phrase
FROM {{ new_records(table) }}
UNION ALL
{% endfor %}
{% for table in ["musicbrainz_release_group_artist", "musicbrainz_release_artist", "musicbrainz_recording_artist"] %}
SELECT
    source,
    record_type AS entity_type,
    record_id,
    load_id,
    position + 1 AS position,
    artist_id::VARCHAR AS artist_record_id,
    name AS artist_name,
    name AS credited_name,
    join_phrase
FROM {{ new_records(table) }}
{{ "UNION ALL" if not loop.last }}
{% endfor %}
