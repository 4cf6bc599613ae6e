-- One row per release group of MusicBrainz and master of Discogs that might be one, feature by feature.
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
    "artist and title": "titled",
    "lone title": "titled_alone",
    "artist and year": "dated",
    "barcode": "coded",
} %}
WITH linked AS (
    SELECT * FROM {{ linked_pairs("release_group") }}
),

ours AS (
    SELECT * FROM {{ standing("release_group", "musicbrainz", ["title_key", "year"]) }}
),

theirs AS (
    SELECT * FROM {{ standing("release_group", "discogs", ["title_key", "year"]) }}
),

-- What the groups of this slice have is looked for first, so that the other source's records are only read once each.
artists AS (
    SELECT a.record_id, a.other_record_id
    FROM {{ matched("artist") }} AS a
    SEMI JOIN {{ first_artists("musicbrainz") }} AS c
        ON a.record_id = c.artist_record_id AND {{ in_slice("c.record_id") }}
),

barcodes AS (
    SELECT DISTINCT i.value_key AS key
    FROM {{ barcodes_of_releases("musicbrainz") }} AS i
    INNER JOIN {{ standing("release", "musicbrainz", ["release_group_record_id"]) }} AS r ON i.record_id = r.record_id
    WHERE {{ in_slice("r.release_group_record_id") }}
),

-- Groups by the artist they are of: the one at MusicBrainz, which stands for both.
{% for source, side, groups in [("musicbrainz", "record_id", "ours"), ("discogs", "other_record_id", "theirs")] %}
credited_at_{{ source }} AS (
    SELECT g.record_id, g.title_key, g.year, a.record_id AS artist
    FROM artists AS a
    INNER JOIN {{ first_artists(source) }} AS c ON a.{{ side }} = c.artist_record_id
    INNER JOIN {{ groups }} AS g ON c.record_id = g.record_id
),

titled_at_{{ source }} AS (
    SELECT record_id, artist || ' ' || title_key AS key FROM credited_at_{{ source }}
),

dated_at_{{ source }} AS (
    SELECT record_id, artist || ' ' || year AS key FROM credited_at_{{ source }}
),

coded_at_{{ source }} AS (
    SELECT r.release_group_record_id AS record_id, i.value_key AS key
    FROM {{ barcodes_of_releases(source) }} AS i
    SEMI JOIN barcodes AS b ON i.value_key = b.key
    INNER JOIN {{ standing("release", source, ["release_group_record_id"]) }} AS r ON i.record_id = r.record_id
    SEMI JOIN {{ groups }} AS g ON r.release_group_record_id = g.record_id
),
{% endfor %}

titled AS (
    SELECT * FROM {{ keyed_pairs("titled_at_musicbrainz", "titled_at_discogs", 400) }}
),

titled_alone AS (
    SELECT record_id, other_record_id FROM titled WHERE has_key_alone
),

dated AS (
    SELECT * FROM {{ keyed_pairs("dated_at_musicbrainz", "dated_at_discogs", 100) }}
),

coded AS (
    SELECT * FROM {{ keyed_pairs("coded_at_musicbrainz", "coded_at_discogs", 100) }}
),

pairs AS (
    {{ found_pairs(ways) }}
),

{% for source, side in [("musicbrainz", "record_id"), ("discogs", "other_record_id")] %}
artist_at_{{ source }} AS (
    SELECT c.record_id, a.record_id AS artist
    FROM {{ first_artists(source) }} AS c
    INNER JOIN {{ matched("artist") }} AS a ON c.artist_record_id = a.{{ side }}
    WHERE c.record_id IN (SELECT {{ side }} FROM pairs)
),
{% endfor %}

compared AS (
    SELECT
        p.record_id,
        p.other_record_id,
        p.ways,
        title_level(m.title_key, d.title_key) AS title_level,
        CASE WHEN am.artist = ad.artist THEN 2 WHEN am.artist <> ad.artist THEN 0 ELSE 1 END AS artist_level,
        ({{ is_found(ways, "lone title") }})::INTEGER AS alone_level,
        {{ year_level("m.year", "d.year") }} AS year_level,
        {{ elsewhere_level(ways) }} AS elsewhere_level
    FROM pairs AS p
    INNER JOIN ours AS m ON p.record_id = m.record_id
    INNER JOIN theirs AS d ON p.other_record_id = d.record_id
    LEFT JOIN artist_at_musicbrainz AS am ON p.record_id = am.record_id
    LEFT JOIN artist_at_discogs AS ad ON p.other_record_id = ad.record_id
)

{{ as_candidates(ways, ["title", "artist", "alone", "year", "elsewhere"]) }}
