-- As in SQLite: ids are text where people and protocols see them and small integers (`no`) where rows point at rows; times are
-- ms since the epoch. Text that is compared or sorted is so by its bytes (COLLATE "C"), as the contract has it.

CREATE TABLE secrets (
  name text PRIMARY KEY,
  value bytea NOT NULL CHECK (length(value) = 32)
);

CREATE TABLE batches (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  kind text NOT NULL,
  app text NOT NULL,
  version integer NOT NULL,
  title text NOT NULL,
  created_at bigint NOT NULL,
  epsilon double precision NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'sealed', 'cancelled')),
  -- Sums over the batch's workunits and results, kept in the transaction that changes them.
  workunits bigint NOT NULL DEFAULT 0,
  finished bigint NOT NULL DEFAULT 0,
  -- How often a workunit was finished: where the numbers of finished workunits come from, so that none is given twice.
  finishes bigint NOT NULL DEFAULT 0,
  items bigint NOT NULL DEFAULT 0,
  items_reported bigint NOT NULL DEFAULT 0,
  items_final bigint NOT NULL DEFAULT 0,
  credit bigint NOT NULL DEFAULT 0,
  credit_reported bigint NOT NULL DEFAULT 0,
  credit_final bigint NOT NULL DEFAULT 0,
  results bigint NOT NULL DEFAULT 0
);
-- The few batches that may have work, among all there ever were.
CREATE INDEX batches_unfinished ON batches (no)
  WHERE state = 'open' OR (state = 'sealed' AND finished < workunits);

-- Rows change often and in columns that no index holds, so that they stay on their page (HOT): it needs some room.
CREATE TABLE workunits (
  batch bigint NOT NULL REFERENCES batches,
  position bigint NOT NULL,
  input text NOT NULL,
  source text,
  key text,
  item_count bigint NOT NULL,
  item_cost bigint NOT NULL,
  -- Interval sets as JSON, and their sizes.
  reported text NOT NULL DEFAULT '[]',
  final text NOT NULL DEFAULT '[]',
  items_reported bigint NOT NULL DEFAULT 0,
  items_final bigint NOT NULL DEFAULT 0,
  -- 1, 2, ... within the batch as workunits are finished, and when; NULL until then.
  finished_no bigint,
  finished_at bigint,
  -- The claim: who, through which opening of the store, until when. Every claim raises the epoch.
  epoch bigint NOT NULL DEFAULT 0,
  owner text,
  opening uuid,
  held_until bigint,
  PRIMARY KEY (batch, position)
) WITH (fillfactor = 70);

-- A batch of a million workunits, nearly all finished, is claimed from as fast as a new one.
CREATE INDEX workunits_unfinished ON workunits (batch, position) WHERE finished_no IS NULL;
CREATE UNIQUE INDEX workunits_finished ON workunits (batch, finished_no) WHERE finished_no IS NOT NULL;
CREATE INDEX workunits_owned ON workunits (owner) WHERE owner IS NOT NULL;

CREATE TABLE hosts (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  algorithm text NOT NULL,
  public_key bytea NOT NULL,
  first_seen_at bigint NOT NULL,
  last_seen_at bigint NOT NULL,
  slices bigint NOT NULL DEFAULT 0,
  items bigint NOT NULL DEFAULT 0,
  credit_reported bigint NOT NULL DEFAULT 0,
  credit_final bigint NOT NULL DEFAULT 0,
  -- What hosts are ranked by.
  credit bigint NOT NULL GENERATED ALWAYS AS (credit_reported + credit_final) STORED
);
CREATE INDEX hosts_ranked ON hosts (credit DESC, id);

CREATE TABLE tasks (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  host bigint NOT NULL REFERENCES hosts,
  next_seq bigint NOT NULL,
  head bytea NOT NULL,
  sealed boolean NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE reports (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  task bigint NOT NULL REFERENCES tasks,
  seq bigint NOT NULL,
  host bigint NOT NULL REFERENCES hosts,
  received_at bigint NOT NULL,
  slice_count bigint NOT NULL,
  accepted_items bigint NOT NULL,
  credit_reported bigint NOT NULL,
  credit_final bigint NOT NULL,
  head bytea NOT NULL,
  seal bytea,
  ack text NOT NULL,
  slices bytea NOT NULL,
  UNIQUE (task, seq)
);

CREATE TABLE results (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch bigint NOT NULL,
  position bigint NOT NULL,
  host bigint NOT NULL REFERENCES hosts,
  state text NOT NULL CHECK (state IN ('reported', 'final')),
  found_at bigint NOT NULL,
  -- Canonical JSON: the same output of the same workunit is the same text, and is there once.
  output text NOT NULL,
  -- Its SHA-256: a row of an index holds at most 2,700 bytes, and an output may be longer.
  output_hash bytea NOT NULL,
  FOREIGN KEY (batch, position) REFERENCES workunits,
  UNIQUE (batch, position, output_hash)
);
CREATE INDEX results_in_order ON results (batch, id);
CREATE INDEX results_of_workunit ON results (batch, position, id);

-- One row: sums over every report, every result and every host. Who holds it is the one who writes reports and results.
CREATE TABLE totals (
  one integer PRIMARY KEY DEFAULT 1 CHECK (one = 1),
  hosts bigint NOT NULL DEFAULT 0,
  reports bigint NOT NULL DEFAULT 0,
  slices bigint NOT NULL DEFAULT 0,
  items bigint NOT NULL DEFAULT 0,
  results bigint NOT NULL DEFAULT 0,
  credit_reported bigint NOT NULL DEFAULT 0,
  credit_final bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO totals DEFAULT VALUES;
