{# The entity id: UUIDv5 (RFC 9562) of "source:record id" in the type's namespace, as linernotes.domain.entities computes
   it. In plain SQL, since views must be readable without functions of ours; a test compares the two. #}
{% macro entity_id(entity_type, source="source", record_id="record_id") -%}
    {%- set namespaces = {
        "artist": "5d5032cc60215db1a3eb4354bbe61db5",
        "label": "92e5eae10d0b52a7ae61579897513b7f",
        "release_group": "d140f80e341f5778b9267c8070c7fce6",
        "release": "70a2eb7e8e1b53e7b734770abdc15535",
        "recording": "6792b8516db856f7a064b72dc507d079",
        "area": "54bb647ccdc35fb4ac27b419039f4f6b",
    } -%}
    {%- set named = "encode(" ~ source ~ " || ':' || " ~ record_id ~ ")" -%}
    {%- set hash = "sha1(unhex('" ~ namespaces[entity_type] ~ "') || " ~ named ~ ")" -%}
    (
        substr({{ hash }}, 1, 12) || '5' || substr({{ hash }}, 14, 3)
        || substr('89ab89ab89ab89ab', instr('0123456789abcdef', substr({{ hash }}, 17, 1)), 1)
        || substr({{ hash }}, 18, 15)
    )::UUID
{%- endmacro %}

{# The source's id of another record; 0 and missing both mean that there is none. #}
{% macro reference(column) -%}
    CASE WHEN {{ column }} <> '0' THEN {{ column }} END
{%- endmacro %}

{# A Discogs name as people write it: without the number that tells namesakes apart, the article in front. Most names
   are written as they stand; only those that the decision might change are put to it. #}
{% macro display_name(column) -%}
    CASE
        WHEN regexp_full_match({{ column }}, '[!-~].*[!-(*-~]') AND NOT ends_with({{ column }}, ', The') THEN {{ column }}
        ELSE discogs_name({{ column }}).display_name
    END
{%- endmacro %}

{# An artist credit as one line of text; the phrase of the last artist leads nowhere and is left out. #}
{% macro credit_line(name, phrase, position) -%}
    {%- set joined = "coalesce(" ~ phrase ~ ", ', ')" -%}
    {%- set line = "string_agg(coalesce(" ~ name ~ ", '') || " ~ joined ~ ", '' ORDER BY " ~ position ~ ")" -%}
    left({{ line }}, length({{ line }}) - length(arg_max({{ joined }}, {{ position }})))
{%- endmacro %}

{# A partial date as text, up to the first part that is missing. #}
{% macro date_text(year, month, day) -%}
    lpad({{ year }}::VARCHAR, 4, '0')
    || coalesce('-' || lpad({{ month }}::VARCHAR, 2, '0') || coalesce('-' || lpad({{ day }}::VARCHAR, 2, '0'), ''), '')
{%- endmacro %}
