-- Every release group in scope.
SELECT
    s.id,
    s.release_group_id AS uuid,
    s.title,
    s.disambiguation,
    s.type,
    s.year,
    s.notes,
    s.data_quality,
    main_release.id AS main_release_id,
    number_of(s.main_release_record_id) AS main_release_record_id,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM entity_release_group AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_release AS main_release ON s.main_release_record = main_release.record
ORDER BY 1
