-- One row per member of a group, as the group's record lists them. Grain: source, record_id, position.
{{ config(unique_key=["source", "record_id", "position"], record_key=["source", "record_id"]) }}
SELECT
    source,
    record_id,
    load_id,
    member_index + 1 AS position,
    {{ reference("id") }} AS member_record_id,
    name AS member_name
FROM {{ new_records("discogs_artist_member") }}
