-- One row per artist of MusicBrainz and artist of Discogs that might be one, feature by feature.
-- Grain: source, record_id, other_source, other_record_id.
{{
    config(
        incremental_strategy="whole",
        unique_key=["source", "record_id", "other_source", "other_record_id"],
        tags=["match"],
        meta={"row_weight": 10}
    )
}}
{% set ways = {
    "link": "linked",
    "name": "named_alone",
    "web address": "addressed",
    "other name": "otherwise_named",
    "words": "worded",
    "5-grams": "spelled",
} %}
WITH our_other_names AS (
    SELECT record_id, name_key AS key FROM {{ ref("artist_alias") }}
    WHERE source = 'musicbrainz' AND kind = 'name_variation'
),

their_other_names AS (
    SELECT record_id, name_key AS key FROM {{ ref("artist_alias") }}
    WHERE source = 'discogs' AND kind = 'name_variation'
),

{{ named_pairs("artist", ways) }},

credited AS (
    SELECT c.source, c.entity_type, c.record_id, c.artist_record_id
    FROM {{ ref("artist_credit") }} AS c
    SEMI JOIN wanted AS p ON c.source = p.source AND c.artist_record_id = p.record_id
    WHERE c.entity_type IN ('release', 'release_group')
),

facts AS (
    {% for model in ["release", "release_group"] %}
    SELECT c.source, c.artist_record_id AS record_id, hash(r.title_key) AS fact
    FROM credited AS c
    INNER JOIN {{ ref(model) }} AS r ON c.source = r.source AND c.record_id = r.record_id
    WHERE c.entity_type = '{{ model }}' AND r.title_key IS NOT NULL
    {{ "UNION" if not loop.last }}
    {% endfor %}
),

{{ named_candidates(ways) }}
