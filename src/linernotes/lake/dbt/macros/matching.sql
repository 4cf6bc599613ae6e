{# Matches of records of MusicBrainz with records of Discogs, from evidence that people made: links, numbers, names. A
   pair counts where each is the best that the other has; where several are equally good, a person must look. #}

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

{# The queries `linked` and `pairs` of what has names: pairs that people linked, and those of a name that is unique. #}
{% macro linked_or_named(entity_type) -%}
    linked AS (
        SELECT * FROM {{ linked_pairs(entity_type) }}
    ),

    ours AS (
        SELECT * FROM {{ standing(entity_type, "musicbrainz", ["name_key AS key"]) }}
    ),

    theirs AS (
        SELECT * FROM {{ standing(entity_type, "discogs", ["name_key AS key"]) }}
    ),

    pairs AS (
        SELECT * FROM linked
        UNION
        SELECT * FROM {{ unique_pairs("ours", "theirs") }}
    )
{%- endmacro %}

{# Whether a record is one of a pair. #}
{% macro in_pairs(source, record_id) -%}
    (
        {{ source }} = 'musicbrainz' AND {{ record_id }} IN (SELECT p.record_id FROM pairs AS p)
        OR {{ source }} = 'discogs' AND {{ record_id }} IN (SELECT p.other_record_id FROM pairs AS p)
    )
{%- endmacro %}

{# The rows of a model of matches, from `pairs` and the query `facts` (source, record_id, fact): a pair that nobody
   linked must share a fact. #}
{% macro settled_by_facts(words) -%}
    shared AS (
        SELECT p.record_id, p.other_record_id, count(*) AS fact_count
        FROM pairs AS p
        INNER JOIN facts AS m ON p.record_id = m.record_id AND m.source = 'musicbrainz'
        INNER JOIN facts AS d ON p.other_record_id = d.record_id AND d.source = 'discogs' AND m.fact = d.fact
        GROUP BY ALL
    ),

    compared AS (
        SELECT
            p.record_id,
            p.other_record_id,
            l.record_id IS NOT NULL AS is_linked,
            coalesce(m.key = d.key, FALSE) AS has_same_name,
            coalesce(s.fact_count, 0) AS fact_count
        FROM pairs AS p
        INNER JOIN ours AS m ON p.record_id = m.record_id
        INNER JOIN theirs AS d ON p.other_record_id = d.record_id
        LEFT JOIN linked AS l ON p.record_id = l.record_id AND p.other_record_id = l.other_record_id
        LEFT JOIN shared AS s ON p.record_id = s.record_id AND p.other_record_id = s.other_record_id
    ),

    candidates AS (
        SELECT
            record_id,
            other_record_id,
            4 * is_linked::INTEGER + 2 * has_same_name::INTEGER + (fact_count > 0)::INTEGER AS points,
            {{ evidence([
                ("is_linked", "'linked by people'"),
                ("has_same_name", "'same name'"),
                ("fact_count > 0", "'" ~ words ~ ": ' || fact_count"),
            ]) }} AS evidence
        FROM compared
        WHERE is_linked OR fact_count > 0
    )

    {{ settled("candidates") }}
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

{# A catalogue number for comparison; where there is none, Discogs says `none` and MusicBrainz `[none]`. #}
{% macro catalogue_key(column) -%}
    nullif(nullif(regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g'), ''), 'NONE')
{%- endmacro %}
