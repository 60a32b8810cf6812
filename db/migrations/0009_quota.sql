-- When each file of a member began to come, whatever became of it: kept for a day, to count the day's files.
create table file_intake (
  id bigint generated always as identity primary key,
  member_id uuid not null references member on delete cascade,
  at timestamptz not null
);
create index file_intake_member on file_intake (member_id, at);
create index file_intake_at on file_intake (at);

-- When bytes of a file came last: one that nobody sends any more is not in flight.
alter table document add column active_at timestamptz not null default now();
create index document_member on document (member_id);
