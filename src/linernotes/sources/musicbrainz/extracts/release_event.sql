-- When and where releases came out; without an area where the country is not known.
SELECT
    release AS record_id,
    country AS area_id,
    date_year,
    date_month,
    date_day
FROM release_country
UNION ALL
SELECT
    release AS record_id,
    NULL AS area_id,
    date_year,
    date_month,
    date_day
FROM release_unknown_country
