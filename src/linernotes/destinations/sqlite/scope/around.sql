-- What the chosen releases name: their release groups, whoever is credited, their labels and companies.

CREATE TEMP TABLE scope_release_group AS
WITH named AS (
    SELECT record_key(c.source, c.release_group_record_id) AS record
    FROM lake.silver.release AS c
    INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.record
)

SELECT e.record, e.id
FROM entity_record AS e
WHERE
    e.entity_type = 'release_group'
    AND e.id IN (
        SELECT n.id
        FROM entity_record AS n
        INNER JOIN named ON n.record = named.record
        WHERE n.entity_type = 'release_group'
    );

CREATE TEMP TABLE scope_artist AS
WITH named AS (
    SELECT record_key(c.source, c.artist_record_id) AS record
    FROM lake.silver.artist_credit AS c
    INNER JOIN scope_release AS scope
        ON record_key(c.source, CASE WHEN c.entity_type = 'release' THEN c.record_id END) = scope.record
    UNION ALL
    SELECT record_key(c.source, c.artist_record_id) AS record
    FROM lake.silver.artist_credit AS c
    INNER JOIN scope_release_group AS scope
        ON record_key(c.source, CASE WHEN c.entity_type = 'release_group' THEN c.record_id END) = scope.record
    UNION ALL
    SELECT record_key(c.source, c.artist_record_id) AS record
    FROM lake.silver.track_artist_credit AS c
    INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.record
    UNION ALL
    SELECT record_key(c.source, c.artist_record_id) AS record
    FROM lake.silver.release_credit AS c
    INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.record
    UNION ALL
    SELECT record_key(c.source, c.artist_record_id) AS record
    FROM lake.silver.track_credit AS c
    INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.record
)

SELECT e.record, e.id
FROM entity_record AS e
WHERE
    e.entity_type = 'artist'
    AND e.id IN (
        SELECT n.id
        FROM entity_record AS n
        INNER JOIN named ON n.record = named.record
        WHERE n.entity_type = 'artist'
    );

CREATE TEMP TABLE scope_label AS
WITH named AS (
    SELECT record_key(c.source, c.label_record_id) AS record
    FROM lake.silver.release_label AS c
    INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.record
    UNION ALL
    SELECT record_key(c.source, c.series_record_id) AS record
    FROM lake.silver.release_series AS c
    INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.record
    UNION ALL
    SELECT record_key(c.source, c.company_record_id) AS record
    FROM lake.silver.release_company AS c
    INNER JOIN scope_release AS scope ON record_key(c.source, c.record_id) = scope.record
)

SELECT e.record, e.id
FROM entity_record AS e
WHERE
    e.entity_type = 'label'
    AND e.id IN (
        SELECT n.id
        FROM entity_record AS n
        INNER JOIN named ON n.record = named.record
        WHERE n.entity_type = 'label'
    );
