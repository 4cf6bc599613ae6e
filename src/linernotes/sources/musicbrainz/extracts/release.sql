-- Releases: what can be bought.
SELECT
    r.id AS record_id,
    r.gid,
    r.name,
    r.release_group AS release_group_id,
    s.name AS status,
    p.name AS packaging,
    CAST(l.iso_code_3 AS VARCHAR) AS language_code,
    CAST(w.iso_code AS VARCHAR) AS script_code,
    r.barcode,
    r.comment,
    r.quality
FROM release AS r
LEFT JOIN release_status AS s ON r.status = s.id
LEFT JOIN release_packaging AS p ON r.packaging = p.id
LEFT JOIN language AS l ON r.language = l.id
LEFT JOIN script AS w ON r.script = w.id
