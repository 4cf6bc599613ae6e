-- One row per label of MusicBrainz and label of Discogs that might be one, feature by feature.
-- Grain: source, record_id, other_source, other_record_id.
{{ config(materialized="table", tags=["match"]) }}
WITH our_other_names AS (
    SELECT record_id, name_key AS key FROM {{ ref("label") }}
    WHERE FALSE  -- neither source's other names of labels are in silver
),

their_other_names AS (
    SELECT * FROM our_other_names
),

{{ named_pairs("label") }},

facts AS (
    SELECT DISTINCT l.source, l.label_record_id AS record_id, {{ catalogue_key("l.catalogue_number") }} AS fact
    FROM {{ ref("release_label") }} AS l
    WHERE
        {{ catalogue_key("l.catalogue_number") }} IS NOT NULL
        AND {{ in_pairs("l.source", "l.label_record_id") }}
),

{{ named_candidates() }}
