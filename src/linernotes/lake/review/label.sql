-- What a person is told of a label, and a row for each mention of one.
CREATE OR REPLACE TEMP VIEW record AS
SELECT
    source,
    record_id,
    source_id,
    label_id AS entity_id,
    name,
    concat_ws(', ', type, begin_year::VARCHAR, disambiguation, parent_label_name, left(profile, 80)) AS detail
FROM lake.silver.label;

CREATE OR REPLACE TEMP VIEW mention AS
SELECT
    source,
    label_record_id AS record_id
FROM lake.silver.release_label;
