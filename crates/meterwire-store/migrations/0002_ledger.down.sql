DROP TABLE event;
DROP TABLE label;
