-- Records that are the same as the one which leads an entity.
SELECT
    f.leader AS artist_id,
    NULL AS label_id,
    NULL AS release_group_id,
    NULL AS release_id,
    1 AS position,
    s.artist_id AS uuid,
    s.data_quality,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM follower AS f
INNER JOIN scope_artist AS scope ON f.record = scope.record
INNER JOIN lake.silver.artist AS s ON f.record = record_key(s.source, s.record_id)
INNER JOIN published_load ON s.load_id = published_load.uuid
WHERE f.entity_type = 'artist'
UNION ALL
SELECT
    NULL AS artist_id,
    f.leader AS label_id,
    NULL AS release_group_id,
    NULL AS release_id,
    1 AS position,
    s.label_id AS uuid,
    s.data_quality,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM follower AS f
INNER JOIN scope_label AS scope ON f.record = scope.record
INNER JOIN lake.silver.label AS s ON f.record = record_key(s.source, s.record_id)
INNER JOIN published_load ON s.load_id = published_load.uuid
WHERE f.entity_type = 'label'
UNION ALL
SELECT
    NULL AS artist_id,
    NULL AS label_id,
    f.leader AS release_group_id,
    NULL AS release_id,
    1 AS position,
    s.release_group_id AS uuid,
    s.data_quality,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM follower AS f
INNER JOIN scope_release_group AS scope ON f.record = scope.record
INNER JOIN lake.silver.release_group AS s ON f.record = record_key(s.source, s.record_id)
INNER JOIN published_load ON s.load_id = published_load.uuid
WHERE f.entity_type = 'release_group'
UNION ALL
SELECT
    NULL AS artist_id,
    NULL AS label_id,
    NULL AS release_group_id,
    f.leader AS release_id,
    1 AS position,
    s.release_id AS uuid,
    s.data_quality,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM follower AS f
INNER JOIN scope_release AS scope ON f.record = scope.record
INNER JOIN lake.silver.release AS s ON f.record = record_key(s.source, s.record_id)
INNER JOIN published_load ON s.load_id = published_load.uuid
WHERE f.entity_type = 'release'
ORDER BY 1, 2, 3, 4, 5
