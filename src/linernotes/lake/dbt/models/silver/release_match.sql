-- One row per release of MusicBrainz and release of Discogs that are the same, or may be. Evidence: a link that people
-- made; a barcode, or a matched release group, with a catalogue number or title.
-- Grain: source, record_id, other_source, other_record_id.
{{ config(materialized="table", tags=["match"]) }}
WITH linked AS (
    SELECT * FROM {{ linked_pairs("release") }}
),

ours AS (
    SELECT * FROM {{ standing("release", "musicbrainz", ["title_key", "release_group_record_id"]) }}
),

theirs AS (
    SELECT * FROM {{ standing("release", "discogs", ["title_key", "release_group_record_id"]) }}
),

our_barcodes AS (
    SELECT DISTINCT record_id, value_key FROM {{ ref("source_identifier") }}
    WHERE source = 'musicbrainz' AND entity_type = 'release' AND type = 'Barcode' AND value_key IS NOT NULL
),

barcodes AS (
    SELECT DISTINCT m.record_id, d.record_id AS other_record_id
    FROM our_barcodes AS m
    INNER JOIN {{ ref("source_identifier") }} AS d
        ON m.value_key = d.value_key AND d.source = 'discogs' AND d.entity_type = 'release' AND d.type = 'Barcode'
),

our_numbers AS (
    SELECT DISTINCT record_id, {{ catalogue_key("catalogue_number") }} AS catalogue_key
    FROM {{ ref("release_label") }}
    WHERE source = 'musicbrainz'
),

grouped AS (
    SELECT m.record_id, d.record_id AS other_record_id
    FROM ours AS m
    INNER JOIN {{ matched("release_group") }} AS g ON m.release_group_record_id = g.record_id
    INNER JOIN theirs AS d ON g.other_record_id = d.release_group_record_id
),

pairs AS (
    SELECT * FROM linked
    UNION
    SELECT * FROM barcodes
    UNION
    SELECT * FROM grouped
),

numbers AS (
    SELECT DISTINCT p.record_id, p.other_record_id
    FROM pairs AS p
    INNER JOIN our_numbers AS m ON p.record_id = m.record_id
    INNER JOIN {{ ref("release_label") }} AS d
        ON
            p.other_record_id = d.record_id AND d.source = 'discogs'
            AND m.catalogue_key = {{ catalogue_key("d.catalogue_number") }}
),

compared AS (
    SELECT
        p.record_id,
        p.other_record_id,
        l.record_id IS NOT NULL AS is_linked,
        b.record_id IS NOT NULL AS has_same_barcode,
        g.record_id IS NOT NULL AS has_same_group,
        n.record_id IS NOT NULL AS has_same_number,
        coalesce(m.title_key = d.title_key, FALSE) AS has_same_title
    FROM pairs AS p
    INNER JOIN ours AS m ON p.record_id = m.record_id
    INNER JOIN theirs AS d ON p.other_record_id = d.record_id
    LEFT JOIN linked AS l ON p.record_id = l.record_id AND p.other_record_id = l.other_record_id
    LEFT JOIN barcodes AS b ON p.record_id = b.record_id AND p.other_record_id = b.other_record_id
    LEFT JOIN grouped AS g ON p.record_id = g.record_id AND p.other_record_id = g.other_record_id
    LEFT JOIN numbers AS n ON p.record_id = n.record_id AND p.other_record_id = n.other_record_id
),

candidates AS (
    SELECT
        record_id,
        other_record_id,
        8 * is_linked::INTEGER + 4 * has_same_barcode::INTEGER + 2 * has_same_number::INTEGER + has_same_title::INTEGER
            AS points,
        {{ evidence([
            ("is_linked", "'linked by people'"),
            ("has_same_barcode", "'same barcode'"),
            ("has_same_number", "'same catalogue number'"),
            ("has_same_title", "'same title'"),
            ("has_same_group", "'releases of the same'"),
        ]) }} AS evidence
    FROM compared
    WHERE
        is_linked
        OR has_same_barcode AND (has_same_number OR has_same_title)
        OR has_same_group AND has_same_number
)

{{ settled("candidates") }}
