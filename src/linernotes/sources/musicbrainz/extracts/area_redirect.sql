-- MBIDs that stood for areas which were merged into another.
SELECT
    new_id AS record_id,
    gid
FROM area_gid_redirect
