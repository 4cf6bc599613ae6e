-- One row per artist of MusicBrainz and artist of Discogs that might be one, feature by feature.
-- Grain: source, record_id, other_source, other_record_id.
{{ config(materialized="table", tags=["match"]) }}
WITH our_other_names AS (
    SELECT record_id, name_key AS key FROM {{ ref("artist_alias") }}
    WHERE source = 'musicbrainz' AND kind = 'name_variation'
),

their_other_names AS (
    SELECT record_id, name_key AS key FROM {{ ref("artist_alias") }}
    WHERE source = 'discogs' AND kind = 'name_variation'
),

{{ named_pairs("artist") }},

facts AS (
    {% for model in ["release", "release_group"] %}
    SELECT c.source, c.artist_record_id AS record_id, r.title_key AS fact
    FROM {{ ref("artist_credit") }} AS c
    INNER JOIN {{ ref(model) }} AS r ON c.source = r.source AND c.record_id = r.record_id
    WHERE
        c.entity_type = '{{ model }}' AND r.title_key IS NOT NULL
        AND {{ in_pairs("c.source", "c.artist_record_id") }}
    {{ "UNION" if not loop.last }}
    {% endfor %}
),

{{ named_candidates() }}
