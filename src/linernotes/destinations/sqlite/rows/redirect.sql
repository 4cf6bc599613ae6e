-- Where ids lead that something in scope had, or would have without its match.
SELECT
    r.from_id AS uuid,
    r.reason,
    s.id AS artist_id,
    NULL AS label_id,
    NULL AS release_group_id,
    NULL AS release_id,
    NULL AS recording_id
FROM lake.silver.entity_redirect AS r
INNER JOIN entity_artist AS s ON r.to_id = s.artist_id
WHERE r.entity_type = 'artist'
UNION ALL
SELECT
    r.from_id AS uuid,
    r.reason,
    NULL AS artist_id,
    s.id AS label_id,
    NULL AS release_group_id,
    NULL AS release_id,
    NULL AS recording_id
FROM lake.silver.entity_redirect AS r
INNER JOIN entity_label AS s ON r.to_id = s.label_id
WHERE r.entity_type = 'label'
UNION ALL
SELECT
    r.from_id AS uuid,
    r.reason,
    NULL AS artist_id,
    NULL AS label_id,
    s.id AS release_group_id,
    NULL AS release_id,
    NULL AS recording_id
FROM lake.silver.entity_redirect AS r
INNER JOIN entity_release_group AS s ON r.to_id = s.release_group_id
WHERE r.entity_type = 'release_group'
UNION ALL
SELECT
    r.from_id AS uuid,
    r.reason,
    NULL AS artist_id,
    NULL AS label_id,
    NULL AS release_group_id,
    s.id AS release_id,
    NULL AS recording_id
FROM lake.silver.entity_redirect AS r
INNER JOIN entity_release AS s ON r.to_id = s.release_id
WHERE r.entity_type = 'release'
UNION ALL
SELECT
    r.from_id AS uuid,
    r.reason,
    NULL AS artist_id,
    NULL AS label_id,
    NULL AS release_group_id,
    NULL AS release_id,
    s.id AS recording_id
FROM lake.silver.entity_redirect AS r
INNER JOIN published_recording AS s ON r.to_id = s.uuid
WHERE r.entity_type = 'recording'
ORDER BY 1
