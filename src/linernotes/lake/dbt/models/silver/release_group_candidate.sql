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

-- Groups by the artist they are of: the one at MusicBrainz, which stands for both; NULL where none is matched.
{% for source, side, groups in [("musicbrainz", "record_id", "ours"), ("discogs", "other_record_id", "theirs")] %}
credited_at_{{ source }} AS (
    SELECT g.record_id, g.title_key, g.year, any_value(a.record_id) AS artist
    FROM {{ groups }} AS g
    LEFT JOIN {{ ref("artist_credit") }} AS c
        ON
            g.record_id = c.record_id AND c.source = '{{ source }}' AND c.entity_type = 'release_group'
            AND c.position = 1
    LEFT JOIN {{ matched("artist") }} AS a ON c.artist_record_id = a.{{ side }}
    GROUP BY ALL
),

titled_at_{{ source }} AS (
    SELECT record_id, artist || ' ' || title_key AS key FROM credited_at_{{ source }}
),

dated_at_{{ source }} AS (
    SELECT record_id, artist || ' ' || year AS key FROM credited_at_{{ source }}
),

coded_at_{{ source }} AS (
    SELECT r.release_group_record_id AS record_id, i.value_key AS key
    FROM {{ standing("release", source, ["release_group_record_id"]) }} AS r
    INNER JOIN {{ ref("source_identifier") }} AS i
        ON r.record_id = i.record_id AND i.source = '{{ source }}' AND i.entity_type = 'release' AND i.type = 'Barcode'
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

compared AS (
    SELECT
        p.record_id,
        p.other_record_id,
        p.ways,
        title_level(m.title_key, d.title_key) AS title_level,
        CASE WHEN m.artist = d.artist THEN 2 WHEN m.artist <> d.artist THEN 0 ELSE 1 END AS artist_level,
        ({{ is_found(ways, "lone title") }})::INTEGER AS alone_level,
        {{ year_level("m.year", "d.year") }} AS year_level,
        {{ elsewhere_level(ways) }} AS elsewhere_level
    FROM pairs AS p
    INNER JOIN credited_at_musicbrainz AS m ON p.record_id = m.record_id
    INNER JOIN credited_at_discogs AS d ON p.other_record_id = d.record_id
)

{{ as_candidates(ways, ["title", "artist", "alone", "year", "elsewhere"]) }}
