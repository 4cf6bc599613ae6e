{# Records of two sources that are one entity: one leads, and gives it its id; the values of both compete. #}

{# The matches of an entity type: record_id of the record that leads, other_source, other_record_id of the other. #}
{% macro matched(entity_type) -%}
    (
        SELECT source, record_id, other_source, other_record_id
        FROM {{ ref(entity_type ~ "_match") }}
        WHERE band = 'match'
    )
{%- endmacro %}

{# Values that count, of record `a`, which leads, and record `o`, the other one, if there is one. The first column says
   whether a source has a value; the others go with it, such as a catalogue number with its label. #}
{% macro survived(field, columns) -%}
    {%- set first = columns[0] -%}
    {%- for column in columns %}
    CASE
        WHEN o.{{ first }} IS NULL THEN a.{{ column }}
        WHEN a.{{ first }} IS NULL OR surviving_source('{{ field }}', ['musicbrainz', 'discogs']) = 'discogs'
            THEN o.{{ column }}
        ELSE a.{{ column }}
    END AS {{ column }}
    {{- "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# The releases that a source still has, with the id and year of the entity that they are:
   source, record_id, release_id, released_year. #}
{% macro entities_of_releases() -%}
    (
        SELECT source, record_id, release_id, released_year FROM {{ ref("release_summary") }}
        WHERE gone_month IS NULL
        UNION ALL
        SELECT other_source, other_record_id, release_id, released_year FROM {{ ref("release_match_summary") }}
    )
{%- endmacro %}

{# What releases say of artists or labels, from `appearances` (source, of_record_id, record_id, and what `counts`
   names), by the record that leads: source, record_id, the counts, first_year, last_year. #}
{% macro counted_by_entity(entity_type, counts) -%}
    SELECT
        coalesce(m.source, p.source) AS source,
        coalesce(m.record_id, p.of_record_id) AS record_id,
        {% for name, condition in counts.items() %}
        count(DISTINCT r.release_id) FILTER (WHERE {{ condition }}) AS {{ name }},
        {% endfor %}
        min(r.released_year) AS first_year,
        max(r.released_year) AS last_year
    FROM appearances AS p
    LEFT JOIN {{ matched(entity_type) }} AS m ON p.source = m.other_source AND p.of_record_id = m.other_record_id
    INNER JOIN {{ entities_of_releases() }} AS r ON p.source = r.source AND p.record_id = r.record_id
    WHERE {{ in_slice("coalesce(m.record_id, p.of_record_id)") }}
    GROUP BY ALL
{%- endmacro %}

{# The records that lead an entity, `a`, each with the other record of its entity, `o`; from the query `standing`. #}
{% macro leading_records(entity_type) -%}
    standing AS a
    ANTI JOIN {{ matched(entity_type) }} AS x ON a.source = x.other_source AND a.record_id = x.other_record_id
    LEFT JOIN {{ matched(entity_type) }} AS m ON a.source = m.source AND a.record_id = m.record_id
    LEFT JOIN standing AS o ON m.other_source = o.source AND m.other_record_id = o.record_id
{%- endmacro %}

{# Every entity that a source still has, once: entity_type, entity_id. #}
{% macro standing_entities() -%}
    {%- for entity in ["artist", "label", "release_group", "release"] %}
    SELECT '{{ entity }}' AS entity_type, e.{{ entity }}_id AS entity_id
    FROM {{ ref(entity) }} AS e
    ANTI JOIN {{ matched(entity) }} AS m ON e.source = m.other_source AND e.record_id = m.other_record_id
    WHERE e.gone_month IS NULL
    UNION ALL
    {%- endfor %}
    SELECT 'area' AS entity_type, area_id AS entity_id FROM {{ ref("area") }}
    WHERE gone_month IS NULL
    UNION ALL
    SELECT 'recording' AS entity_type, recording_id AS entity_id FROM {{ ref("source_recording") }}
    WHERE gone_month IS NULL
    UNION ALL
    SELECT 'recording' AS entity_type, t.recording_id AS entity_id
    FROM {{ ref("recording") }} AS t
    ANTI JOIN {{ ref("release") }} AS g
        ON t.source = g.source AND t.record_id = g.record_id AND g.gone_month IS NOT NULL
    WHERE t.track_number > 0
{%- endmacro %}
