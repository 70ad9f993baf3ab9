DROP TABLE report_delivery;
DROP TABLE report;
DROP TABLE closing_change;
DROP TABLE closing;
