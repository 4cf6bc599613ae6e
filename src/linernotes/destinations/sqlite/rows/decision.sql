-- Fields in which two records of an entity differ, or which only the one that follows knows: what counts, and what the
-- other says.
SELECT
    artist.id AS artist_id,
    label.id AS label_id,
    release_group.id AS release_group_id,
    release.id AS release_id,
    s.position,
    s.field,
    s.value,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id,
    s.other_value,
    number_of(s.other_record_id) AS other_record_id,
    other_load.id AS other_load_id
FROM decided AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
INNER JOIN published_load AS other_load ON s.other_load_id = other_load.uuid
LEFT JOIN scope_artist AS artist ON s.entity_type = 'artist' AND s.id = artist.record
LEFT JOIN scope_label AS label ON s.entity_type = 'label' AND s.id = label.record
LEFT JOIN scope_release_group AS release_group ON s.entity_type = 'release_group' AND s.id = release_group.record
LEFT JOIN scope_release AS release ON s.entity_type = 'release' AND s.id = release.record
WHERE coalesce(artist.id, label.id, release_group.id, release.id) IS NOT NULL
ORDER BY 1, 2, 3, 4, 5
