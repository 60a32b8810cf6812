-- Where the question asked last stands in the chat: given by the statement that ends a turn, so that it needs no second one.
alter table conversation add column asked_position int;
update conversation set asked_position = (state::jsonb #>> '{asked,position}')::int where state::jsonb #>> '{asked,position}' is not null;
