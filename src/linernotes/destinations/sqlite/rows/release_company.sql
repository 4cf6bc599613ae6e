-- Which companies made, own or distribute a release; the source keeps companies among its labels.
SELECT
    scope.id AS release_id,
    s.position,
    company.id AS company_id,
    number_of(s.company_record_id) AS company_record_id,
    s.company_name,
    s.catalogue_number,
    s.role_id,
    s.role,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.release_company AS s
INNER JOIN scope_release AS scope ON record_key(s.source, s.record_id) = scope.record
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_label AS company ON record_key(s.source, s.company_record_id) = company.record
ORDER BY 1, 2
