{# The entity id: UUIDv5 of the type's namespace and "source:record id", as linernotes.domain.entities computes it. #}
{% macro entity_id(entity_type, source="source", record_id="record_id") -%}
    uuid_of('{{ entity_type }}', {{ source }} || ':' || {{ record_id }})
{%- endmacro %}

{# The source's id of another record; 0 and missing both mean that there is none. #}
{% macro reference(column) -%}
    CASE WHEN {{ column }} <> '0' THEN {{ column }} END
{%- endmacro %}

{# A Discogs name as people write it: without the number that tells namesakes apart, the article in front. #}
{% macro display_name(column) -%}
    CASE WHEN {{ column }} LIKE '%)' OR {{ column }} LIKE '%, %' THEN discogs_name({{ column }}).display_name ELSE {{ column }} END
{%- endmacro %}

{# An artist credit as one line of text; a phrase after the last artist is left out. #}
{% macro credit_line(name, phrase, position) -%}
    regexp_replace(string_agg({{ name }} || coalesce({{ phrase }}, ', '), '' ORDER BY {{ position }}), ', $', '')
{%- endmacro %}
