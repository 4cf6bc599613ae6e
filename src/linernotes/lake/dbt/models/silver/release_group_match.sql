-- One row per release group of MusicBrainz and master of Discogs that are the same, or may be. Evidence: a link that
-- people made; a title that no other group of the same artist has.
-- Grain: source, record_id, other_source, other_record_id.
{{ config(materialized="table", tags=["match"]) }}
WITH linked AS (
    SELECT * FROM {{ linked_pairs("release_group") }}
),

-- Titles with the artist they are of: the one at MusicBrainz, which stands for both.
{% for source, side in [("musicbrainz", "record_id"), ("discogs", "other_record_id")] %}
titled_at_{{ source }} AS (
    SELECT g.record_id, a.record_id || ' ' || g.title_key AS key
    FROM {{ standing("release_group", source, ["title_key"]) }} AS g
    INNER JOIN {{ ref("artist_credit") }} AS c
        ON
            g.record_id = c.record_id AND c.source = '{{ source }}' AND c.entity_type = 'release_group'
            AND c.position = 1
    INNER JOIN {{ matched("artist") }} AS a ON c.artist_record_id = a.{{ side }}
),
{% endfor %}

titled AS (
    SELECT * FROM {{ unique_pairs("titled_at_musicbrainz", "titled_at_discogs") }}
),

compared AS (
    SELECT
        coalesce(l.record_id, t.record_id) AS record_id,
        coalesce(l.other_record_id, t.other_record_id) AS other_record_id,
        l.record_id IS NOT NULL AS is_linked,
        t.record_id IS NOT NULL AS has_same_title
    FROM linked AS l
    FULL JOIN titled AS t ON l.record_id = t.record_id AND l.other_record_id = t.other_record_id
),

candidates AS (
    SELECT
        record_id,
        other_record_id,
        2 * is_linked::INTEGER + has_same_title::INTEGER AS points,
        {{ evidence([
            ("is_linked", "'linked by people'"),
            ("has_same_title", "'the only one of this title by this artist'"),
        ]) }} AS evidence
    FROM compared
)

{{ settled("candidates") }}
