-- Since when a member has no access; null while they have.
alter table member add column disabled_at timestamptz;
