-- One row per genre of a release group or a release, in the source's order, or that of votes.
-- Grain: source, entity_type, record_id, position.
{{ config(
    unique_key=["source", "entity_type", "record_id", "position"],
    record_key=["source", "entity_type", "record_id"],
) }}
{% for table in ["discogs_master_genre", "discogs_release_genre"] %}
SELECT
    source,
    record_type AS entity_type,
    record_id,
    load_id,
    genre_index + 1 AS position,
    genre
FROM {{ new_records(table) }}
UNION ALL
{% endfor %}
{% for table in ["musicbrainz_release_group_tag", "musicbrainz_release_tag"] %}
SELECT
    source,
    record_type AS entity_type,
    record_id,
    load_id,
    row_number() OVER (PARTITION BY record_id ORDER BY count DESC, name ASC) AS position,
    name AS genre
FROM {{ new_records(table) }}
WHERE is_genre AND count > 0
{{ "UNION ALL" if not loop.last }}
{% endfor %}
