-- Words that describe a medium, such as LP or Reissue.
SELECT
    scope.id AS release_id,
    s.medium_number,
    s.position,
    s.description,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.medium_description AS s
INNER JOIN scope_release_tracks AS scope ON record_key(s.source, s.record_id) = scope.record
INNER JOIN published_load ON s.load_id = published_load.uuid
ORDER BY 1, 2, 3
