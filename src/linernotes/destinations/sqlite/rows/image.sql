-- Images of artists, labels, release groups and releases.
SELECT
    artist.id AS artist_id,
    label.id AS label_id,
    release_group.id AS release_group_id,
    release.id AS release_id,
    s.position,
    s.type,
    s.url,
    s.width,
    s.height,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.image AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_artist AS artist
    ON record_key(s.source, CASE WHEN s.entity_type = 'artist' THEN s.record_id END) = artist.record
LEFT JOIN scope_label AS label
    ON record_key(s.source, CASE WHEN s.entity_type = 'label' THEN s.record_id END) = label.record
LEFT JOIN scope_release_group AS release_group
    ON record_key(s.source, CASE WHEN s.entity_type = 'release_group' THEN s.record_id END) = release_group.record
LEFT JOIN scope_release AS release
    ON record_key(s.source, CASE WHEN s.entity_type = 'release' THEN s.record_id END) = release.record
WHERE coalesce(artist.id, label.id, release_group.id, release.id) IS NOT NULL
ORDER BY 1, 2, 3, 4, 5
