CREATE INDEX event_identity ON event (identity);
DROP TABLE identity_mark;
DROP TABLE identity_filter;
DROP TABLE identity_block;
DROP TABLE identity_run;
