DROP TABLE setting;
DROP TABLE audit;
DROP TABLE price;
DROP TABLE project;
DROP TABLE user;
DROP TABLE session;
DROP TABLE api_key;
DROP TABLE tenant;
