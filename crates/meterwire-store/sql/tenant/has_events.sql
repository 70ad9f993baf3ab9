-- Every event, voided or not, has a source, and labels of sources stay: no event need be searched for. 11 is the code of
-- sources in label.rs.
SELECT EXISTS (SELECT 1 FROM label WHERE tenant_id = ? AND kind = 11)
