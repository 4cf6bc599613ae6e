-- Keys of labels that carry the id of an earlier one.
SELECT later.id AS key, 'id ' || later.uuid || ' of ' || later.id AS example
FROM label AS later
INNER JOIN label AS earlier ON later.uuid = earlier.uuid AND later.id > earlier.id
