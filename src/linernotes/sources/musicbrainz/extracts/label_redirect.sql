-- MBIDs that stood for labels which were merged into another.
SELECT
    new_id AS record_id,
    gid
FROM label_gid_redirect
