DROP TABLE segment_late;
DROP TABLE segment;
