ALTER TABLE reservation DROP COLUMN for_department;
ALTER TABLE reservation DROP COLUMN for_api_key;
DELETE FROM setting WHERE name = 'monthly_budget';
DROP TABLE decided_money;
DROP TABLE budget_period;
DROP VIEW budget_in_zone;
DROP TABLE budget;
