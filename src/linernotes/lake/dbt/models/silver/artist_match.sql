-- One row per artist of MusicBrainz and artist of Discogs that are the same, or may be. Evidence: a link that people
-- made; a name that nobody else has, with a title that both have.
-- Grain: source, record_id, other_source, other_record_id.
{{ config(materialized="table") }}
{% set ours = standing("artist", "musicbrainz", ["name_key AS key"]) %}
{% set theirs = standing("artist", "discogs", ["name_key AS key"]) %}
WITH linked AS (
    SELECT * FROM {{ linked_pairs("artist") }}
),

pairs AS (
    SELECT * FROM linked
    UNION
    SELECT * FROM {{ unique_pairs(ours, theirs) }}
),

titles AS (
    {% for model in ["release", "release_group"] %}
    SELECT c.source, c.artist_record_id AS record_id, r.title_key
    FROM {{ ref("artist_credit") }} AS c
    INNER JOIN {{ ref(model) }} AS r ON c.source = r.source AND c.record_id = r.record_id
    WHERE
        c.entity_type = '{{ model }}'
        AND (
            c.source = 'musicbrainz' AND c.artist_record_id IN (SELECT p.record_id FROM pairs AS p)
            OR c.source = 'discogs' AND c.artist_record_id IN (SELECT p.other_record_id FROM pairs AS p)
        )
    {{ "UNION" if not loop.last }}
    {% endfor %}
),

shared AS (
    SELECT p.record_id, p.other_record_id, count(*) AS title_count
    FROM pairs AS p
    INNER JOIN titles AS m ON p.record_id = m.record_id AND m.source = 'musicbrainz'
    INNER JOIN titles AS d ON p.other_record_id = d.record_id AND d.source = 'discogs' AND m.title_key = d.title_key
    GROUP BY ALL
),

compared AS (
    SELECT
        p.record_id,
        p.other_record_id,
        l.record_id IS NOT NULL AS is_linked,
        coalesce(m.key = d.key, FALSE) AS has_same_name,
        coalesce(s.title_count, 0) AS title_count
    FROM pairs AS p
    INNER JOIN {{ ours }} AS m ON p.record_id = m.record_id
    INNER JOIN {{ theirs }} AS d ON p.other_record_id = d.record_id
    LEFT JOIN linked AS l ON p.record_id = l.record_id AND p.other_record_id = l.other_record_id
    LEFT JOIN shared AS s ON p.record_id = s.record_id AND p.other_record_id = s.other_record_id
),

candidates AS (
    SELECT
        record_id,
        other_record_id,
        4 * is_linked::INTEGER + 2 * has_same_name::INTEGER + (title_count > 0)::INTEGER AS points,
        {{ evidence([
            ("is_linked", "'linked by people'"),
            ("has_same_name", "'same name'"),
            ("title_count > 0", "'titles that both have: ' || title_count"),
        ]) }} AS evidence
    FROM compared
    WHERE is_linked OR title_count > 0
)

{{ settled("candidates") }}
