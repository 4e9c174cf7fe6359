-- What a batch is worth, how sure it must be, what is finished in which order, and the requester's own names.

ALTER TABLE batches ADD COLUMN epsilon REAL NOT NULL DEFAULT 0.001;
-- How often a workunit was finished: the numbers below come from here, so that none is given twice.
ALTER TABLE batches ADD COLUMN finishes INTEGER NOT NULL DEFAULT 0;
UPDATE batches SET finishes = finished;
ALTER TABLE batches ADD COLUMN credit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN credit_reported INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN credit_final INTEGER NOT NULL DEFAULT 0;
UPDATE batches SET (credit, credit_reported, credit_final) = (
  SELECT coalesce(sum(item_count * item_cost), 0), coalesce(sum(workunits.items_reported * item_cost), 0),
    coalesce(sum(workunits.items_final * item_cost), 0)
  FROM workunits WHERE workunits.batch = batches.no);

-- The few batches that may have work, among all there ever were.
CREATE INDEX batches_unfinished ON batches (no)
  WHERE state = 'open' OR (state = 'sealed' AND finished < workunits);

ALTER TABLE workunits ADD COLUMN key TEXT;
-- 1, 2, ... within the batch as workunits are finished, and when; NULL until then.
ALTER TABLE workunits ADD COLUMN finished_no INTEGER;
ALTER TABLE workunits ADD COLUMN finished_at INTEGER;
-- For what was finished before anyone noted when, this is the moment by which it was.
UPDATE workunits SET finished_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), finished_no = numbered.no
FROM (
  SELECT batch, position, row_number() OVER (PARTITION BY batch ORDER BY position) AS no
  FROM workunits WHERE items_final = item_count) AS numbered
WHERE workunits.batch = numbered.batch AND workunits.position = numbered.position;
CREATE UNIQUE INDEX workunits_finished ON workunits (batch, finished_no) WHERE finished_no IS NOT NULL;

CREATE INDEX results_of_workunit ON results (batch, position, id);
