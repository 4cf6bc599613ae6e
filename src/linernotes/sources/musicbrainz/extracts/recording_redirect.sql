-- MBIDs that stood for recordings which were merged into another.
SELECT
    new_id AS record_id,
    gid
FROM recording_gid_redirect
