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

{% for source in ["musicbrainz", "discogs"] %}
credited_at_{{ source }} AS (
    SELECT c.entity_type, c.record_id, c.artist_record_id
    FROM {{ ref("artist_credit") }} AS c
    SEMI JOIN wanted_at_{{ source }} AS p ON c.artist_record_id = p.record_id
    WHERE c.source = '{{ source }}' AND c.entity_type IN ('release', 'release_group')
),

facts_at_{{ source }} AS (
    {% for model in ["release", "release_group"] %}
    SELECT c.artist_record_id AS record_id, hash(r.title_key) AS fact
    FROM credited_at_{{ source }} AS c
    INNER JOIN {{ ref(model) }} AS r ON c.record_id = r.record_id
    WHERE c.entity_type = '{{ model }}' AND r.source = '{{ source }}' AND r.title_key IS NOT NULL
    {{ "UNION" if not loop.last }}
    {% endfor %}
),
{% endfor %}

{{ named_candidates(ways) }}
