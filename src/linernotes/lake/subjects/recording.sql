-- Recordings, and tracks of sources that have no recordings of their own; none weighs more than another.
CREATE TEMP VIEW base AS
SELECT
    recording_id AS entity_id,
    source,
    record_id,
    track_number,
    sub_track_number,
    title AS name,
    duration_ms,
    NULL::VARCHAR AS country,
    0 AS weight
FROM lake.silver.recording;

-- A track is credited to the artists of its release, unless it says otherwise.
CREATE TEMP VIEW credited AS
WITH picked AS (
    SELECT b.* FROM base AS b
    SEMI JOIN chosen AS c ON b.entity_id = c.entity_id
),

credit AS (
    SELECT p.entity_id, 1 AS rank, t.position, t.credited_name, t.join_phrase
    FROM picked AS p
    INNER JOIN lake.silver.track_artist_credit AS t
        ON
            p.source = t.source
            AND p.record_id = t.record_id
            AND p.track_number = t.track_number
            AND p.sub_track_number = t.sub_track_number
    UNION ALL
    SELECT p.entity_id, 2 AS rank, a.position, a.credited_name, a.join_phrase
    FROM picked AS p
    INNER JOIN lake.silver.artist_credit AS a
        ON
            p.source = a.source
            AND p.record_id = a.record_id
            AND a.entity_type = CASE WHEN p.track_number > 0 THEN 'release' ELSE 'recording' END
),

line AS (
    SELECT
        entity_id,
        rank,
        string_agg(credited_name || coalesce(join_phrase, ', '), '' ORDER BY position) AS artist,
        length(coalesce(arg_max(join_phrase, position), ', ')) AS ending
    FROM credit
    GROUP BY entity_id, rank
)

SELECT entity_id, arg_min(left(artist, length(artist) - ending), rank) AS artist
FROM line
GROUP BY entity_id;

CREATE TEMP VIEW linked AS
SELECT r.recording_id AS entity_id, 'spotify_id' AS kind, regexp_extract(u.url, 'track/(\w{22})', 1) AS value
FROM lake.silver.url AS u
INNER JOIN lake.silver.source_recording AS r ON u.source = r.source AND u.record_id = r.record_id
WHERE u.entity_type = 'recording' AND regexp_matches(u.url, '^https?://open\.spotify\.com/track/\w{22}')
