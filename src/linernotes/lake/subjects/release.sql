-- Releases: those with the most tracks first.
CREATE TEMP VIEW base AS
SELECT
    release_id AS entity_id,
    artist_credit,
    title AS name,
    duration_ms::INTEGER AS duration_ms,
    NULL::VARCHAR AS country,
    track_count AS weight
FROM lake.gold.release_summary
WHERE gone_month IS NULL;

CREATE TEMP VIEW credited AS
SELECT entity_id, artist_credit AS artist FROM base;

CREATE TEMP VIEW linked AS
SELECT
    release_id AS entity_id,
    'discogs_id' AS kind,
    CASE WHEN source = 'discogs' THEN record_id ELSE other_record_id END AS value
FROM lake.gold.release_summary
WHERE gone_month IS NULL AND (source = 'discogs' OR other_source = 'discogs')
