-- What counts in fields that providers were asked for, or that a person set.
SELECT
    artist.id AS artist_id,
    release_group.id AS release_group_id,
    release.id AS release_id,
    recording.id AS recording_id,
    f.position,
    s.field,
    s.value,
    s.provider,
    s.confidence,
    s.is_contested,
    strftime(s.observed_at, '%Y-%m-%dT%H:%M:%SZ') AS observed_at,
    s.answer_id
FROM lake.silver.decision AS s
INNER JOIN enriched_field AS f ON s.field = f.field
LEFT JOIN entity_artist AS artist ON s.entity_type = 'artist' AND s.entity_id = artist.artist_id
LEFT JOIN entity_release_group AS release_group
    ON s.entity_type = 'release_group' AND s.entity_id = release_group.release_group_id
LEFT JOIN entity_release AS release ON s.entity_type = 'release' AND s.entity_id = release.release_id
LEFT JOIN published_recording AS recording ON s.entity_type = 'recording' AND s.entity_id = recording.uuid
WHERE
    s.value IS NOT NULL
    AND coalesce(artist.id, release_group.id, release.id, recording.id) IS NOT NULL
    AND may_be_published(s.provider, s.field)
ORDER BY 1, 2, 3, 4, 5
