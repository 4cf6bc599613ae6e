-- Who a track is by, where that differs from its release.
SELECT
    track_key(scope.id, s.track_number, s.sub_track_number) AS track_id,
    s.position,
    artist.id AS artist_id,
    number_of(s.artist_record_id) AS artist_record_id,
    s.artist_name,
    s.credited_name,
    s.join_phrase,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.track_artist_credit AS s
INNER JOIN scope_release_tracks AS scope ON record_key(s.source, s.record_id) = scope.record
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_artist AS artist ON record_key(s.source, s.artist_record_id) = artist.record
ORDER BY 1, 2
