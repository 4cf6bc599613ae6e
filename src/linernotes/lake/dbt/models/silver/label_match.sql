-- One row per label of MusicBrainz and label of Discogs that are the same, or may be. Evidence: a link that people
-- made; a name that nobody else has, with a catalogue number that both have.
-- Grain: source, record_id, other_source, other_record_id.
{{ config(materialized="table") }}
{% set ours = standing("label", "musicbrainz", ["name_key AS key"]) %}
{% set theirs = standing("label", "discogs", ["name_key AS key"]) %}
WITH linked AS (
    SELECT * FROM {{ linked_pairs("label") }}
),

pairs AS (
    SELECT * FROM linked
    UNION
    SELECT * FROM {{ unique_pairs(ours, theirs) }}
),

numbers AS (
    SELECT DISTINCT source, label_record_id AS record_id, {{ catalogue_key("catalogue_number") }} AS catalogue_key
    FROM {{ ref("release_label") }}
    WHERE
        source = 'musicbrainz' AND label_record_id IN (SELECT p.record_id FROM pairs AS p)
        OR source = 'discogs' AND label_record_id IN (SELECT p.other_record_id FROM pairs AS p)
),

shared AS (
    SELECT p.record_id, p.other_record_id, count(*) AS number_count
    FROM pairs AS p
    INNER JOIN numbers AS m ON p.record_id = m.record_id AND m.source = 'musicbrainz'
    INNER JOIN numbers AS d
        ON p.other_record_id = d.record_id AND d.source = 'discogs' AND m.catalogue_key = d.catalogue_key
    GROUP BY ALL
),

compared AS (
    SELECT
        p.record_id,
        p.other_record_id,
        l.record_id IS NOT NULL AS is_linked,
        coalesce(m.key = d.key, FALSE) AS has_same_name,
        coalesce(s.number_count, 0) AS number_count
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
        4 * is_linked::INTEGER + 2 * has_same_name::INTEGER + (number_count > 0)::INTEGER AS points,
        {{ evidence([
            ("is_linked", "'linked by people'"),
            ("has_same_name", "'same name'"),
            ("number_count > 0", "'catalogue numbers that both have: ' || number_count"),
        ]) }} AS evidence
    FROM compared
    WHERE is_linked OR number_count > 0
)

{{ settled("candidates") }}
