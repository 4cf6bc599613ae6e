-- Records that are one entity. One record leads, and its key is the key of the entity; what another record says belongs
-- to that entity too.

CREATE TEMP TABLE follower AS
SELECT
    'artist' AS entity_type,
    record_key(other_source, other_record_id) AS record,
    record_key(source, record_id) AS leader
FROM lake.silver.artist_match
WHERE band = 'match'
UNION ALL
SELECT 'label', record_key(other_source, other_record_id), record_key(source, record_id)
FROM lake.silver.label_match
WHERE band = 'match'
UNION ALL
SELECT 'release_group', record_key(other_source, other_record_id), record_key(source, record_id)
FROM lake.silver.release_group_match
WHERE band = 'match'
UNION ALL
SELECT 'release', record_key(other_source, other_record_id), record_key(source, record_id)
FROM lake.silver.release_match
WHERE band = 'match';

-- The records that a source still has, each with the key of its entity.
CREATE TEMP VIEW entity_record AS
SELECT r.entity_type, r.record, coalesce(f.leader, r.record) AS id
FROM (
    SELECT 'artist' AS entity_type, record_key(source, record_id) AS record FROM lake.silver.artist
    WHERE gone_month IS NULL
    UNION ALL
    SELECT 'label', record_key(source, record_id) FROM lake.silver.label
    WHERE gone_month IS NULL
    UNION ALL
    SELECT 'release_group', record_key(source, record_id) FROM lake.silver.release_group
    WHERE gone_month IS NULL
    UNION ALL
    SELECT 'release', record_key(source, record_id) FROM lake.silver.release
    WHERE gone_month IS NULL
) AS r
LEFT JOIN follower AS f ON r.entity_type = f.entity_type AND r.record = f.record;
