-- Keys of release_groups that carry the id of an earlier one.
SELECT later.id AS key, 'id ' || later.uuid || ' of ' || later.id AS example
FROM release_group AS later
INNER JOIN release_group AS earlier ON later.uuid = earlier.uuid AND later.id > earlier.id
