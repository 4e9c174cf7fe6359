-- Every app has seeds of its own now, named for it. What the only app had goes on where it was.
UPDATE batches SET id = kind || '-' || app || '-' || version WHERE kind IN ('practice', 'frontier');
