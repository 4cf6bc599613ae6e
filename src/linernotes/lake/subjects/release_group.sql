-- Release groups, whoever has them; none weighs more than another.
CREATE TEMP VIEW standing AS
SELECT
    coalesce(r.to_id, g.release_group_id) AS entity_id,
    g.release_group_id = coalesce(r.to_id, g.release_group_id) AS is_leading,
    g.source,
    g.record_id,
    g.title
FROM lake.silver.release_group AS g
LEFT JOIN lake.silver.entity_redirect AS r ON r.entity_type = 'release_group' AND g.release_group_id = r.from_id
WHERE g.gone_month IS NULL;

CREATE TEMP VIEW base AS
SELECT
    entity_id,
    source,
    record_id,
    title AS name,
    NULL::INTEGER AS duration_ms,
    NULL::VARCHAR AS country,
    0 AS weight
FROM standing
WHERE is_leading;

CREATE TEMP VIEW credited AS
WITH credit AS (
    SELECT b.entity_id, a.position, a.credited_name, a.join_phrase
    FROM base AS b
    SEMI JOIN chosen AS c ON b.entity_id = c.entity_id
    INNER JOIN lake.silver.artist_credit AS a
        ON b.source = a.source AND b.record_id = a.record_id AND a.entity_type = 'release_group'
),

line AS (
    SELECT
        entity_id,
        string_agg(credited_name || coalesce(join_phrase, ', '), '' ORDER BY position) AS artist,
        length(coalesce(arg_max(join_phrase, position), ', ')) AS ending
    FROM credit
    GROUP BY entity_id
)

SELECT entity_id, left(artist, length(artist) - ending) AS artist FROM line;

CREATE TEMP VIEW linked AS
SELECT entity_id, 'discogs_id' AS kind, record_id AS value FROM standing
WHERE source = 'discogs'
