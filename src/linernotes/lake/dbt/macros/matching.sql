{# Matches of records of MusicBrainz with records of Discogs, from evidence that people made: links, numbers, names. A pair
   counts where each is the best that the other has; where several are equally good, a person must look. #}

{# Records that a source still has: record_id and what the model names. #}
{% macro standing(model, source, columns) -%}
    (SELECT record_id, {{ columns | join(", ") }} FROM {{ ref(model) }} WHERE source = '{{ source }}' AND gone_month IS NULL)
{%- endmacro %}

{# Pairs that people linked: record_id, other_record_id. #}
{% macro linked_pairs(entity_type) -%}
    (
        SELECT l.record_id, l.other_record_id
        FROM {{ ref("record_link") }} AS l
        SEMI JOIN {{ standing(entity_type, "musicbrainz", ["gone_month"]) }} AS m ON l.record_id = m.record_id
        SEMI JOIN {{ standing(entity_type, "discogs", ["gone_month"]) }} AS d ON l.other_record_id = d.record_id
        WHERE l.entity_type = '{{ entity_type }}' AND NOT coalesce(l.is_ended, FALSE)
    )
{%- endmacro %}

{# Pairs of one key that no other record of either source has: record_id, other_record_id. The few records of
   MusicBrainz come first, so that a home without them is not searched. #}
{% macro unique_pairs(ours, theirs) -%}
    (
        SELECT m.record_id, any_value(d.record_id) AS other_record_id
        FROM (
            SELECT key, any_value(record_id) AS record_id FROM {{ ours }} WHERE key IS NOT NULL
            GROUP BY key
            HAVING count(*) = 1
        ) AS m
        INNER JOIN {{ theirs }} AS d ON m.key = d.key
        GROUP BY m.key, m.record_id
        HAVING count(*) = 1
    )
{%- endmacro %}

{# The rows of a model of matches, from candidates: record_id, other_record_id, points, evidence. #}
{% macro settled(candidates) -%}
    SELECT
        'musicbrainz' AS source,
        record_id,
        'discogs' AS other_source,
        other_record_id,
        CASE
            WHEN
                count(*) OVER (PARTITION BY record_id) = 1 AND count(*) OVER (PARTITION BY other_record_id) = 1
                THEN 'match'
            ELSE 'ambiguous'
        END AS band,
        points,
        array_to_string(evidence, ', ') AS evidence
    FROM (
        SELECT * FROM {{ candidates }}
        QUALIFY
            points = max(points) OVER (PARTITION BY record_id)
            AND points = max(points) OVER (PARTITION BY other_record_id)
    )
{%- endmacro %}

{# Of evidence, what there is: pairs of a condition and its words. #}
{% macro evidence(pairs) -%}
    list_filter([{% for condition, words in pairs %}
        CASE WHEN {{ condition }} THEN {{ words }} END{{ "," if not loop.last }}
    {%- endfor %}
    ], lambda item: item IS NOT NULL)
{%- endmacro %}

{# A catalogue number for comparison. #}
{% macro catalogue_key(column) -%}
    nullif(regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g'), '')
{%- endmacro %}
