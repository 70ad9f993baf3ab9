-- The log is sorted from the columns of segments, so the bounds of each quarter of an hour are not needed any more.
DROP TABLE log_bound;
