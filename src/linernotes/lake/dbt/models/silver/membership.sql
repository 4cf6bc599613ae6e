-- One row per member of a group, and per time of being one where the source tells. Grain: source, record_id, position.
{{ config(unique_key=["source", "record_id", "position"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    member_index + 1 AS position,
    {{ reference("id") }} AS member_record_id,
    name AS member_name,
    NULL::INTEGER AS begin_year,
    NULL::INTEGER AS end_year,
    NULL::BOOLEAN AS is_ended
FROM {{ new_records("discogs_artist_member") }}
UNION ALL
SELECT
    source,
    record_id,
    load_id,
    row_number() OVER (PARTITION BY record_id ORDER BY link_order, relation_id) AS position,
    artist_id::VARCHAR AS member_record_id,
    artist_name AS member_name,
    begin_date_year AS begin_year,
    end_date_year AS end_year,
    ended AS is_ended
FROM {{ new_records("musicbrainz_artist_relation") }}
WHERE type = 'member of band'
