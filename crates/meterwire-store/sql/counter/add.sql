INSERT INTO counter (tenant_id, metric_id, day, "user", used) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (tenant_id, metric_id, day, "user") DO UPDATE SET
  used = counter.used + excluded.used,
  forgiven = CASE
    WHEN counter.forgiven < counter.used + excluded.used THEN counter.forgiven ELSE counter.used + excluded.used
  END
