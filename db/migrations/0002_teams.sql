-- Where a conversation in Teams is reached: written from authenticated turns only.
create table teams_conversation (
  conversation_id text primary key references conversation on delete cascade,
  teams_id text not null,         -- Teams' own id of the conversation
  service_url text not null,
  bot_id text not null,
  user_id text not null,          -- of the member in this conversation; another than the account's
  account text not null,          -- Entra's object id of the account
  account_name text not null,     -- as Teams shows it
  seen_at timestamptz not null,   -- when its member last did something there
  delivered_seq int not null default 0,   -- everything up to here was sent, or will not be
  attempts int not null default 0,        -- of what is sent next
  retry_at timestamptz,
  blocked_at timestamptz          -- the member has removed or blocked the assistant
);
create index teams_conversation_account on teams_conversation (account);

-- What became of each message that goes to Teams.
create table activity_delivery (
  conversation_id text not null references teams_conversation on delete cascade,
  position int not null,
  state text not null check (state in ('sending', 'sent', 'uncertain', 'refused')),
  teams_activity_id text,         -- Teams' id of the message that shows it
  shown_in int,                   -- position of the message that shows this one too
  primary key (conversation_id, position)
);
create index activity_delivery_shown_in on activity_delivery (conversation_id, shown_in) where shown_in is not null;

-- Who an account is: found in the directory, or tied to a member by the member.
create table teams_account (
  account text primary key,
  member_id uuid not null references member on delete cascade,
  source text not null check (source in ('directory', 'link')),
  name text not null,
  checked_at timestamptz not null
);
create index teams_account_member on teams_account (member_id);

-- A link by which a member may tie an account of Teams to themselves, with the code that ends it.
create table teams_link (
  id_hash bytea primary key,      -- sha-256 of what the address holds
  account text not null,
  account_name text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  member_id uuid references member on delete cascade,   -- who signed in on it last
  ticket_hash bytea,              -- sha-256 of what that page holds
  code_hash bytea,                -- keyed
  code_expires_at timestamptz,
  tries int not null default 0
);
create index teams_link_account on teams_link (account);
create index teams_link_expires_at on teams_link (expires_at);
