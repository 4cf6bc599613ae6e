-- When and where releases came out; without an area where the country is not known.
SELECT
    e.release AS record_id,
    e.country AS area_id,
    a.name AS area_name,
    e.date_year,
    e.date_month,
    e.date_day
FROM release_country AS e
LEFT JOIN area AS a ON e.country = a.id
UNION ALL
SELECT
    release AS record_id,
    NULL AS area_id,
    NULL AS area_name,
    date_year,
    date_month,
    date_day
FROM release_unknown_country
