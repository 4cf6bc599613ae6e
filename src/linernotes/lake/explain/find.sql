-- The entities that a text may mean, by an id or by a name: variables text, key (an identifier as it is compared),
-- wanted_type (NULL for any).
WITH meant AS (
    SELECT entity_type, entity_id, 'its id' AS by FROM entity
    WHERE entity_id::VARCHAR = lower(getvariable('text'))
    UNION
    SELECT entity_type, to_id AS entity_id, 'an id that it had' AS by FROM lake.silver.entity_redirect
    WHERE from_id::VARCHAR = lower(getvariable('text'))
    UNION
    SELECT e.entity_type, e.entity_id, i.type AS by
    FROM lake.silver.source_identifier AS i
    INNER JOIN entity AS e
        ON i.entity_type = e.entity_type AND i.source = e.source AND i.record_id = e.record_id
    WHERE i.type IN ('MBID', 'ISRC', 'Barcode') AND i.value_key = getvariable('key')
    UNION
    SELECT entity_type, entity_id, 'Discogs id' AS by FROM entity
    WHERE source = 'discogs' AND record_id = getvariable('text')
    UNION
    SELECT entity_type, entity_id, field AS by FROM lake.silver.decision
    WHERE field IN ('isrc', 'spotify_id', 'mbid') AND value = getvariable('key')
    UNION
    SELECT entity_type, entity_id, 'its name' AS by FROM entity
    WHERE lower(name) = lower(getvariable('text'))
)

SELECT
    m.entity_type,
    m.entity_id,
    arg_max(e.name, e.is_leading) AS name,
    concat_ws(
        ', ', nullif(arg_max(e.detail, e.is_leading), ''), 'by ' || string_agg(DISTINCT m.by, ' and ' ORDER BY m.by)
    ) AS detail
FROM meant AS m
INNER JOIN entity AS e ON m.entity_type = e.entity_type AND m.entity_id = e.entity_id
WHERE getvariable('wanted_type') IS NULL OR m.entity_type = getvariable('wanted_type')
GROUP BY m.entity_type, m.entity_id
ORDER BY m.entity_type ASC, name ASC, m.entity_id ASC
LIMIT 20
