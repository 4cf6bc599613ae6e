-- Columns of releases and release groups that are decided: dates, in which the sources compete, and countries. What a
-- person set is in force even where it is nothing.
CREATE TEMP TABLE column_decided AS
SELECT
    entity_id,
    bool_or(field = 'release_date') AS is_dated,
    regexp_extract(
        max(value) FILTER (WHERE field = 'release_date'),
        '^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$',
        ['year', 'month', 'day']
    ) AS dated,
    max(value) FILTER (WHERE field = 'release_date') AS released,
    bool_or(field = 'country' AND is_locked) AS is_placed,
    max(value) FILTER (WHERE field = 'country') AS country
FROM lake.silver.decision
WHERE
    entity_type IN ('release', 'release_group')
    AND field IN ('release_date', 'country')
    AND may_be_published(provider, field)
GROUP BY entity_id;

-- A part of a decided date; NULL where it is not known.
CREATE TEMP MACRO part_of_date(digits) AS nullif(try_cast(digits AS INTEGER), 0);
