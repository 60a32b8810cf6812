-- What is to be told to a member who has not asked: ids only. A row comes with what it tells of, in one transaction; its
-- turn, which finds the words, comes from the inbox of a conversation.
create table proactive_notice (
  id bigint generated always as identity primary key,
  member_id uuid not null references member on delete cascade,
  kind text not null check (kind in ('dossierStatus', 'draftReminder')),
  subject text not null,          -- dossierStatus: the event's id; draftReminder: the draft's id
  version int not null default 0, -- draftReminder: the draft's version, so that one pause has one reminder
  created_at timestamptz not null,
  taken_at timestamptz,           -- when it stood in the inboxes of its conversations
  unique (kind, subject, version)
);
create index proactive_notice_waiting on proactive_notice (created_at) where taken_at is null;
create index proactive_notice_member on proactive_notice (member_id);

-- Where a member last was, closed conversations included: their chat in Teams is the same one for ever.
create index conversation_member_active on conversation (member_id, active_at desc);
