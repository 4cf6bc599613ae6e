-- Who a release group or release is by.
SELECT
    release_group.id AS release_group_id,
    release.id AS release_id,
    s.position,
    artist.id AS artist_id,
    number_of(s.artist_record_id) AS artist_record_id,
    s.artist_name,
    s.credited_name,
    s.join_phrase,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.artist_credit AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_release_group_artist_credit AS release_group
    ON record_key(s.source, CASE WHEN s.entity_type = 'release_group' THEN s.record_id END) = release_group.record
LEFT JOIN scope_release_artist_credit AS release
    ON record_key(s.source, CASE WHEN s.entity_type = 'release' THEN s.record_id END) = release.record
LEFT JOIN scope_artist AS artist ON record_key(s.source, s.artist_record_id) = artist.record
WHERE coalesce(release_group.id, release.id) IS NOT NULL
ORDER BY 1, 2, 3
