-- Whom to tell what, and whether it arrived.
DROP TABLE delivery;
DROP TABLE alert_snooze;
DROP TABLE alert;
DROP TABLE alert_rule;
DROP TABLE channel;
