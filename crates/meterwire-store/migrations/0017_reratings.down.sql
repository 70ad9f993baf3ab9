-- Events keep what they are rated at; only how they were rated before is forgotten.
DROP TABLE rerated;
DROP TABLE rerating;
