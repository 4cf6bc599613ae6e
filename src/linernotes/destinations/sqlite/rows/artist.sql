-- Every artist in scope.
SELECT
    s.id,
    s.artist_id AS uuid,
    s.name,
    s.display_name,
    s.sort_name,
    s.homonym_number,
    s.disambiguation,
    s.type,
    s.gender,
    s.begin_year,
    s.end_year,
    s.real_name,
    s.profile,
    s.data_quality,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM entity_artist AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
ORDER BY 1
