-- One row per artist of MusicBrainz and artist of Discogs that are the same, or may be. Evidence: a link that people
-- made; a name that nobody else has, with a title that both have.
-- Grain: source, record_id, other_source, other_record_id.
{{ config(materialized="table", tags=["match"]) }}
WITH {{ linked_or_named("artist") }},

facts AS (
    {% for model in ["release", "release_group"] %}
    SELECT c.source, c.artist_record_id AS record_id, r.title_key AS fact
    FROM {{ ref("artist_credit") }} AS c
    INNER JOIN {{ ref(model) }} AS r ON c.source = r.source AND c.record_id = r.record_id
    WHERE c.entity_type = '{{ model }}' AND {{ in_pairs("c.source", "c.artist_record_id") }}
    {{ "UNION" if not loop.last }}
    {% endfor %}
),

{{ settled_by_facts("titles that both have") }}
