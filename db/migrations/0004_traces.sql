-- W3C traceparent of the request that brought an activity: its turn, which may come later and elsewhere, goes on with it.
-- Random ids, which name nobody.
alter table activity add column trace text;
