-- The genres of release groups and releases.
SELECT
    release_group.id AS release_group_id,
    release.id AS release_id,
    s.position,
    s.genre,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.genre AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_release_group_genre AS release_group
    ON record_key(s.source, CASE WHEN s.entity_type = 'release_group' THEN s.record_id END) = release_group.record
LEFT JOIN scope_release_genre AS release
    ON record_key(s.source, CASE WHEN s.entity_type = 'release' THEN s.record_id END) = release.record
WHERE coalesce(release_group.id, release.id) IS NOT NULL AND may_be_published(s.source, 'genre')
ORDER BY 1, 2, 3
