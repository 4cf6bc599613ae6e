-- Keys of releases that carry the id of an earlier one.
SELECT later.id AS key, 'id ' || later.uuid || ' of ' || later.id AS example
FROM release AS later
INNER JOIN release AS earlier ON later.uuid = earlier.uuid AND later.id > earlier.id
