-- Interested Party Information codes of labels.
SELECT
    label AS record_id,
    CAST(ipi AS VARCHAR) AS ipi
FROM label_ipi
