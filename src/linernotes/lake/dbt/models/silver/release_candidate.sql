-- One row per release of MusicBrainz and release of Discogs that might be one, feature by feature.
-- Grain: source, record_id, other_source, other_record_id.
{{
    config(
        incremental_strategy="whole",
        unique_key=["source", "record_id", "other_source", "other_record_id"],
        tags=["match"],
        meta={"row_weight": 10}
    )
}}
{% set ways = {"link": "linked", "barcode": "coded", "number and title": "numbered", "release group": "grouped"} %}
WITH linked AS (
    SELECT * FROM {{ linked_pairs("release") }}
),

ours AS (
    SELECT * FROM {{ standing("release", "musicbrainz", ["title_key", "released_year", "release_group_record_id"]) }}
),

theirs AS (
    SELECT * FROM {{ standing("release", "discogs", ["title_key", "released_year", "release_group_record_id"]) }}
),

-- What the releases of this slice have is looked for first, so that the other source's records are only read once each.
barcodes AS (
    SELECT DISTINCT value_key AS key FROM {{ barcodes_of_releases("musicbrainz") }} WHERE {{ in_slice("record_id") }}
),

numbers AS (
    SELECT DISTINCT number FROM {{ numbers_of_releases("musicbrainz") }} WHERE {{ in_slice("record_id") }}
),

{% for source, releases in [("musicbrainz", "ours"), ("discogs", "theirs")] %}
coded_at_{{ source }} AS (
    SELECT i.record_id, i.value_key AS key
    FROM {{ barcodes_of_releases(source) }} AS i
    SEMI JOIN barcodes AS b ON i.value_key = b.key
    SEMI JOIN {{ releases }} AS r ON i.record_id = r.record_id
),

titled_at_{{ source }} AS (
    SELECT n.record_id, n.number || ' ' || r.title_key AS key
    FROM {{ numbers_of_releases(source) }} AS n
    SEMI JOIN numbers AS a ON n.number = a.number
    INNER JOIN {{ releases }} AS r ON n.record_id = r.record_id
),
{% endfor %}

coded AS (
    SELECT * FROM {{ keyed_pairs("coded_at_musicbrainz", "coded_at_discogs", 400) }}
),

numbered AS (
    SELECT * FROM {{ keyed_pairs("titled_at_musicbrainz", "titled_at_discogs", 100) }}
),

grouped AS (
    SELECT m.record_id, d.record_id AS other_record_id
    FROM ours AS m
    INNER JOIN {{ matched("release_group") }} AS g ON m.release_group_record_id = g.record_id
    INNER JOIN theirs AS d ON g.other_record_id = d.release_group_record_id
    WHERE {{ in_slice("m.record_id") }}
),

pairs AS (
    {{ found_pairs(ways) }}
),

{% for source, side in [("musicbrainz", "record_id"), ("discogs", "other_record_id")] %}
with_code_at_{{ source }} AS (
    SELECT record_id FROM {{ barcodes_of_releases(source) }} WHERE record_id IN (SELECT {{ side }} FROM pairs)
),

numbered_at_{{ source }} AS (
    SELECT record_id, number FROM {{ numbers_of_releases(source) }} WHERE record_id IN (SELECT {{ side }} FROM pairs)
),

formats_at_{{ source }} AS (
    SELECT m.record_id, list_sort(list(DISTINCT {{ format_key("m.format") }})) AS formats
    FROM {{ ref("medium") }} AS m
    WHERE m.source = '{{ source }}' AND m.record_id IN (SELECT {{ side }} FROM pairs)
    GROUP BY m.record_id
),
{% endfor %}

same_numbers AS (
    SELECT DISTINCT p.record_id, p.other_record_id
    FROM pairs AS p
    INNER JOIN numbered_at_musicbrainz AS m ON p.record_id = m.record_id
    INNER JOIN numbered_at_discogs AS d ON p.other_record_id = d.record_id AND m.number = d.number
),

compared AS (
    SELECT
        p.record_id,
        p.other_record_id,
        p.ways,
        CASE
            WHEN {{ is_found(ways, "barcode") }} THEN 2
            WHEN
                p.record_id IN (SELECT c.record_id FROM with_code_at_musicbrainz AS c)
                AND p.other_record_id IN (SELECT c.record_id FROM with_code_at_discogs AS c)
                THEN 0
            ELSE 1
        END AS barcode_level,
        CASE
            WHEN n.record_id IS NOT NULL THEN 2
            WHEN
                p.record_id IN (SELECT c.record_id FROM numbered_at_musicbrainz AS c)
                AND p.other_record_id IN (SELECT c.record_id FROM numbered_at_discogs AS c)
                THEN 0
            ELSE 1
        END AS number_level,
        title_level(m.title_key, d.title_key) AS title_level,
        CASE
            WHEN {{ is_found(ways, "release group") }} THEN 2
            WHEN
                m.release_group_record_id IN (SELECT c.record_id FROM {{ matched("release_group") }} AS c)
                AND d.release_group_record_id IS NOT NULL
                THEN 0
            ELSE 1
        END AS group_level,
        {{ year_level("m.released_year", "d.released_year") }} AS year_level,
        CASE WHEN fm.formats = fd.formats THEN 2 WHEN fm.formats <> fd.formats THEN 0 ELSE 1 END AS format_level,
        {{ elsewhere_level(ways) }} AS elsewhere_level
    FROM pairs AS p
    INNER JOIN ours AS m ON p.record_id = m.record_id
    INNER JOIN theirs AS d ON p.other_record_id = d.record_id
    LEFT JOIN same_numbers AS n ON p.record_id = n.record_id AND p.other_record_id = n.other_record_id
    LEFT JOIN formats_at_musicbrainz AS fm ON p.record_id = fm.record_id
    LEFT JOIN formats_at_discogs AS fd ON p.other_record_id = fd.record_id
)

{{ as_candidates(ways, ["barcode", "number", "title", "group", "year", "format", "elsewhere"]) }}
