-- Artists: those with the most releases first.
CREATE TEMP VIEW base AS
SELECT
    artist_id AS entity_id,
    name,
    NULL::INTEGER AS duration_ms,
    NULL::VARCHAR AS country,
    release_count AS weight
FROM lake.gold.artist_summary;

CREATE TEMP VIEW credited AS
SELECT NULL::UUID AS entity_id, NULL::VARCHAR AS artist
WHERE FALSE;

CREATE TEMP VIEW linked AS
SELECT
    artist_id AS entity_id,
    'discogs_id' AS kind,
    CASE WHEN source = 'discogs' THEN record_id ELSE other_record_id END AS value
FROM lake.gold.artist_summary
WHERE source = 'discogs' OR other_source = 'discogs'
UNION ALL
SELECT s.artist_id AS entity_id, 'spotify_id' AS kind, regexp_extract(u.url, 'artist/(\w{22})', 1) AS value
FROM lake.silver.url AS u
INNER JOIN lake.gold.artist_summary AS s ON u.source = s.source AND u.record_id = s.record_id
WHERE u.entity_type = 'artist' AND regexp_matches(u.url, '^https?://open\.spotify\.com/artist/\w{22}')
