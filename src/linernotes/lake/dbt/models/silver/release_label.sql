-- One row per label of a release with its catalogue number; exact repetitions are kept once, at their first position.
-- Grain: source, record_id, position.
{{ config(unique_key=["source", "record_id", "position"], record_key=["source", "record_id"]) }}
WITH received AS (
    SELECT
        source,
        record_id,
        min(load_id) AS load_id,
        min(label_index) + 1 AS position,
        {{ reference("id") }} AS label_record_id,
        name AS label_name,
        catno AS catalogue_number
    FROM {{ new_records("discogs_release_label") }}
    GROUP BY source, record_id, id, name, catno
    UNION ALL
    SELECT
        source,
        record_id,
        load_id,
        row_number() OVER (PARTITION BY record_id ORDER BY release_label_id) AS position,
        label_id::VARCHAR AS label_record_id,
        label_name,
        catalog_number AS catalogue_number
    FROM {{ new_records("musicbrainz_release_label") }}
)

SELECT
    source,
    record_id,
    load_id,
    position,
    label_record_id,
    label_name,
    catalogue_number,
    {{ catalogue_key("catalogue_number") }} AS catalogue_key
FROM received
