-- Names a session in tokens and links, which must hold nothing of the cookie's value.
alter table session add column id uuid not null unique default gen_random_uuid();

-- A ticket opens one stream. What was used is kept until it would have expired.
create table used_stream_ticket (
  id uuid primary key,
  expires_at timestamptz not null
);
