-- ISO codes of areas; some are of countries that ISO no longer has, or never had.
SELECT
    area AS record_id,
    'ISO 3166-1' AS standard,
    CAST(code AS VARCHAR) AS code
FROM iso_3166_1
UNION ALL
SELECT
    area AS record_id,
    'ISO 3166-2' AS standard,
    code
FROM iso_3166_2
