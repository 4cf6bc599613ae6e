-- Media of releases: discs, records, files.
SELECT
    m.release AS record_id,
    m.position,
    f.name AS format,
    m.name,
    m.track_count
FROM medium AS m
LEFT JOIN medium_format AS f ON m.format = f.id
