-- What is told of a dossier to others after it was submitted, and what became of that. A row comes with the first try.
create table notification (
  dossier_id uuid not null references dossier on delete cascade,
  kind text not null check (kind in ('archive', 'mail')),
  state text not null default 'pending' check (state in ('pending', 'done', 'skipped', 'failed')),
  reason text,                    -- a code: what held it up last, or why it was skipped
  attempts int not null default 0,
  external_id text,               -- the library's item, or the mail's draft and later the mail itself
  upload_sealed bytea,            -- address of an upload in hand, which is a permission; associated data: the dossier's id
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (dossier_id, kind)
);
create index notification_pending on notification (updated_at) where state = 'pending';
