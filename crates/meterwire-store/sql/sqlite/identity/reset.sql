DELETE FROM identity_run;
DELETE FROM identity_block;
DELETE FROM identity_filter;
UPDATE identity_mark SET sealed_seq = 0, reused = 0;
