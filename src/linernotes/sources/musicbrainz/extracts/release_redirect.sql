-- MBIDs that stood for releases which were merged into another.
SELECT
    new_id AS record_id,
    gid
FROM release_gid_redirect
