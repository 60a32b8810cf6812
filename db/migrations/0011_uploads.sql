-- A file on its way in pieces. Its document is `receiving`; the chunks that lie with it hold the first `received` bytes,
-- the last of them unfilled where a piece ended within it.
create table upload (
  document_id uuid primary key references document on delete cascade,
  member_id uuid not null references member on delete cascade,
  conversation_id text not null references conversation on delete cascade,
  size int not null,              -- bytes of the whole file, as declared
  received int not null default 0,
  head_hash bytea,                -- keyed hash of member, size and the first MiB: finds the upload again after a reload
  client_id text,
  activity text not null,         -- what its sender says with the file, as JSON: it comes in with the last byte
  position int,                   -- of that activity, once it has come in
  created_at timestamptz not null
);
create index upload_member on upload (member_id);
create index upload_conversation on upload (conversation_id);
