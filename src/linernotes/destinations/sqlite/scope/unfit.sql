-- Records that have no key: of a source that this catalogue does not know yet, or with an id that is no number.
SELECT entity_type || ' ' || source || ' ' || record_id AS example
FROM (
    SELECT 'artist' AS entity_type, source, record_id FROM lake.silver.artist
    UNION ALL
    SELECT 'label', source, record_id FROM lake.silver.label
    UNION ALL
    SELECT 'release_group', source, record_id FROM lake.silver.release_group
    UNION ALL
    SELECT 'release', source, record_id FROM lake.silver.release
)
WHERE record_key(source, record_id) IS NULL OR number_of(record_id) NOT BETWEEN 1 AND 67108863
UNION ALL
SELECT 'track ' || record_id || '/' || track_number || '/' || sub_track_number
FROM lake.silver.track
WHERE track_number >= 262144 OR sub_track_number >= 262144
LIMIT 1
