{# An id that leads somewhere leads to one that an entity has. #}
{% test leads_home(model) %}
SELECT r.entity_type, r.from_id
FROM {{ model }} AS r
SEMI JOIN {{ model }} AS s ON r.entity_type = s.entity_type AND r.to_id = s.from_id
{% endtest %}
