-- One row per label of MusicBrainz and label of Discogs that are the same, or may be. Evidence: a link that people
-- made; a name that nobody else has, with a catalogue number that both have.
-- Grain: source, record_id, other_source, other_record_id.
{{ config(materialized="table", tags=["match"]) }}
WITH {{ linked_or_named("label") }},

facts AS (
    SELECT DISTINCT l.source, l.label_record_id AS record_id, {{ catalogue_key("l.catalogue_number") }} AS fact
    FROM {{ ref("release_label") }} AS l
    WHERE {{ in_pairs("l.source", "l.label_record_id") }}
),

{{ settled_by_facts("catalogue numbers that both have") }}
