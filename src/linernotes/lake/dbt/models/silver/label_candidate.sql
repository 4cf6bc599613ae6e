-- One row per label of MusicBrainz and label of Discogs that might be one, feature by feature.
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
    SELECT record_id, name_key AS key FROM {{ ref("label") }}
    WHERE FALSE  -- neither source's other names of labels are in silver
),

their_other_names AS (
    SELECT * FROM our_other_names
),

{{ named_pairs("label", ways) }},

{% for source in ["musicbrainz", "discogs"] %}
facts_at_{{ source }} AS (
    SELECT DISTINCT l.label_record_id AS record_id, hash(l.catalogue_key) AS fact
    FROM {{ ref("release_label") }} AS l
    SEMI JOIN wanted_at_{{ source }} AS p ON l.label_record_id = p.record_id
    WHERE l.source = '{{ source }}' AND l.catalogue_key IS NOT NULL
),
{% endfor %}

{{ named_candidates(ways) }}
