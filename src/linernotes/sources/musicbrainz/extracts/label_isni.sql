-- International Standard Name Identifiers of labels.
SELECT
    label AS record_id,
    CAST(isni AS VARCHAR) AS isni
FROM label_isni
