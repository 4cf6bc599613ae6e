-- Identifiers that stand on the same release before, with the same type, value and description.
SELECT DISTINCT
    i.release_id || '/' || i.position AS key,
    'release ' || i.release_id || ': ' || coalesce(i.type, '') || ' ' || i.value AS example
FROM identifier AS i
INNER JOIN identifier AS earlier
    ON
        i.release_id = earlier.release_id
        AND i.position > earlier.position
        AND i.type IS earlier.type
        AND i.value = earlier.value
        AND i.description IS earlier.description
