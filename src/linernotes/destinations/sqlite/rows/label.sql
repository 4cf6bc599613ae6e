-- Every label in scope.
SELECT
    s.id,
    s.label_id AS uuid,
    s.name,
    s.disambiguation,
    s.type,
    s.contact_info,
    s.profile,
    s.data_quality,
    parent.id AS parent_label_id,
    number_of(s.parent_label_record_id) AS parent_label_record_id,
    s.parent_label_name,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM entity_label AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_label AS parent ON s.parent_label_record = parent.record
ORDER BY 1
