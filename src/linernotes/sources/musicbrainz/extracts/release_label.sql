-- Labels of releases, with catalogue numbers.
SELECT
    j.release AS record_id,
    j.id AS release_label_id,
    j.label AS label_id,
    l.name AS label_name,
    j.catalog_number
FROM release_label AS j
LEFT JOIN label AS l ON j.label = l.id
