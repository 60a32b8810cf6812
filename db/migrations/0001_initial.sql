-- Members and their relatives come from the foundation's register; nothing here is typed by a member.
create table member (
  id uuid primary key,
  ppr text not null unique,
  name text not null,
  rib_sealed bytea,               -- 24 digits, AES-256-GCM, associated data: the member's id
  password_hash text,
  activation_hash bytea,          -- sha-256 of the one-time code; null once used
  demo boolean not null default false,
  created_at timestamptz not null default now()
);

create table relative (
  id uuid primary key,
  member_id uuid not null references member on delete cascade,
  kind text not null check (kind in ('spouse', 'child')),
  name text not null,
  position int not null
);
create index relative_member on relative (member_id);

create table session (
  id_hash bytea primary key,      -- sha-256 of the cookie's value
  member_id uuid not null references member on delete cascade,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index session_member on session (member_id);

-- Growing delays after failed sign-ins; subject is a keyed hash of an account or an address.
create table sign_in_failure (
  subject bytea primary key,
  failures int not null,
  failed_at timestamptz not null
);

-- One open request of a member. Its id becomes the dossier's id: idempotency key and associated data in one.
create table draft (
  id uuid primary key,
  member_id uuid not null unique references member on delete cascade,
  version int not null default 1,
  consent_version text,
  consent_language text check (consent_language in ('fr', 'ar')),
  consent_at timestamptz,
  rib_hash bytea,                 -- keyed hash of the RIB that was confirmed
  beneficiary text check (beneficiary in ('member', 'spouse', 'child')),
  relative_id uuid references relative on delete set null,
  motif text check (motif in ('oncology', 'extraCosts', 'unreimbursed')),
  document_id uuid,
  editing text check (editing in ('rib', 'beneficiary', 'person', 'motif', 'document')),
  language text not null check (language in ('fr', 'ar')),
  channel text not null check (channel in ('webchat', 'msteams')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table document (
  id uuid primary key,
  dossier_id uuid not null,       -- the id that draft and dossier share
  member_id uuid not null references member on delete cascade,
  state text not null check (state in ('receiving', 'received', 'accepted')),
  name text not null,
  size int not null default 0,    -- bytes of the plain file
  pages int,
  sha256 bytea,
  key_id text not null,
  wrapped_key bytea not null,
  created_at timestamptz not null default now()
);
create index document_dossier on document (dossier_id);

create table document_chunk (
  document_id uuid not null references document on delete cascade,
  number int not null,
  sealed bytea not null,
  primary key (document_id, number)
);

create table dossier (
  id uuid primary key,
  number text not null unique,
  member_id uuid not null references member,
  beneficiary text not null check (beneficiary in ('member', 'spouse', 'child')),
  relative_id uuid references relative on delete set null,
  person_name text,
  motif text not null check (motif in ('oncology', 'extraCosts', 'unreimbursed')),
  document_id uuid not null unique references document,
  rib_sealed bytea not null,      -- as confirmed; associated data: the dossier's id
  consent_version text not null,
  consent_language text not null,
  consent_at timestamptz not null,
  language text not null,
  channel text not null,
  status text not null default 'received'
    check (status in ('received', 'inReview', 'incomplete', 'accepted', 'rejected', 'paid', 'cancelled')),
  submitted_at timestamptz not null
);
create index dossier_member on dossier (member_id, submitted_at desc);

create table dossier_counter (
  year int primary key,           -- in Africa/Casablanca
  last int not null
);

create table dossier_event (
  id bigint generated always as identity primary key,
  dossier_id uuid not null references dossier on delete cascade,
  kind text not null,
  at timestamptz not null,
  detail jsonb not null default '{}'
);
create index dossier_event_dossier on dossier_event (dossier_id);

create table conversation (
  id text primary key,
  channel text not null check (channel in ('webchat', 'msteams')),
  member_id uuid references member on delete cascade,
  language text not null check (language in ('fr', 'ar')),
  last_seq int not null default 0,
  state text not null default '{}',   -- which question was asked last, written whole once a turn
  created_at timestamptz not null default now(),
  active_at timestamptz not null default now(),   -- when its member last did something
  last_at timestamptz not null default now(),     -- time of the newest activity; times in one conversation only grow
  closed_at timestamptz
);
create index conversation_member on conversation (member_id) where closed_at is null;

-- Inbox, outbox and transcript in one. An edit keeps `position` (place and id in the chat) and takes a new `seq`.
create table activity (
  conversation_id text not null references conversation on delete cascade,
  position int not null,
  seq int not null,
  direction text not null check (direction in ('in', 'out')),
  client_id text,                 -- channelData.clientActivityID, or the channel's own id
  body text not null,             -- the activity as JSON, without what the row already says
  at timestamptz not null,
  due boolean not null default false,   -- an incoming activity whose turn has not been committed
  primary key (conversation_id, position)
);
create unique index activity_seq on activity (conversation_id, seq);
create unique index activity_client_id on activity (conversation_id, client_id) where client_id is not null;
create index activity_due on activity (conversation_id, seq) where due;

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,            -- 'member:<id>', 'staff:<id>' or 'system'
  action text not null,
  subject text not null           -- an id
);
