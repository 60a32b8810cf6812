-- The language of the page in which its member last opened the conversation: another one than before is a wish.
alter table conversation add column page_language text check (page_language in ('fr', 'ar'));
update conversation set page_language = language;
