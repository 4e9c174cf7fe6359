-- Ids are text where people and protocols see them and small integers (`no`) where rows point at rows.
-- Times are ms since the epoch. STRICT: a credit counter that passed 2^63 is an error, never a rounded REAL.

CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL CHECK (length(value) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  app TEXT NOT NULL,
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'sealed', 'cancelled')),
  -- Sums over the batch's workunits and results, kept in the transaction that changes them.
  workunits INTEGER NOT NULL DEFAULT 0,
  finished INTEGER NOT NULL DEFAULT 0,
  items INTEGER NOT NULL DEFAULT 0,
  items_reported INTEGER NOT NULL DEFAULT 0,
  items_final INTEGER NOT NULL DEFAULT 0,
  results INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE workunits (
  batch INTEGER NOT NULL REFERENCES batches,
  position INTEGER NOT NULL,
  input TEXT NOT NULL,
  source TEXT,
  item_count INTEGER NOT NULL,
  item_cost INTEGER NOT NULL,
  -- Interval sets as JSON, and their sizes.
  reported TEXT NOT NULL DEFAULT '[]',
  final TEXT NOT NULL DEFAULT '[]',
  items_reported INTEGER NOT NULL DEFAULT 0,
  items_final INTEGER NOT NULL DEFAULT 0,
  -- The claim: who, through which opening of the store, until when. Every claim raises the epoch.
  epoch INTEGER NOT NULL DEFAULT 0,
  owner TEXT,
  opening TEXT,
  held_until INTEGER,
  PRIMARY KEY (batch, position)
) STRICT, WITHOUT ROWID;

-- A batch of a million workunits, nearly all finished, is claimed from as fast as a new one.
CREATE INDEX workunits_unfinished ON workunits (batch, position) WHERE items_final < item_count;
CREATE INDEX workunits_owned ON workunits (owner) WHERE owner IS NOT NULL;

CREATE TABLE hosts (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  algorithm TEXT NOT NULL,
  public_key BLOB NOT NULL,
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  slices INTEGER NOT NULL DEFAULT 0,
  items INTEGER NOT NULL DEFAULT 0,
  credit_reported INTEGER NOT NULL DEFAULT 0,
  credit_final INTEGER NOT NULL DEFAULT 0,
  -- What hosts are ranked by.
  credit INTEGER NOT NULL GENERATED ALWAYS AS (credit_reported + credit_final) VIRTUAL
) STRICT;
CREATE INDEX hosts_ranked ON hosts (credit DESC, id);

CREATE TABLE tasks (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  host INTEGER NOT NULL REFERENCES hosts,
  next_seq INTEGER NOT NULL,
  head BLOB NOT NULL,
  sealed INTEGER NOT NULL
) STRICT;

CREATE TABLE reports (
  id INTEGER PRIMARY KEY,
  task INTEGER NOT NULL REFERENCES tasks,
  seq INTEGER NOT NULL,
  host INTEGER NOT NULL REFERENCES hosts,
  received_at INTEGER NOT NULL,
  slice_count INTEGER NOT NULL,
  accepted_items INTEGER NOT NULL,
  credit_reported INTEGER NOT NULL,
  credit_final INTEGER NOT NULL,
  head BLOB NOT NULL,
  seal BLOB,
  ack TEXT NOT NULL,
  slices BLOB NOT NULL,
  UNIQUE (task, seq)
) STRICT;

CREATE TABLE results (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL,
  position INTEGER NOT NULL,
  host INTEGER NOT NULL REFERENCES hosts,
  state TEXT NOT NULL CHECK (state IN ('reported', 'final')),
  found_at INTEGER NOT NULL,
  -- Canonical JSON: the same output of the same workunit is the same text, and is there once.
  output TEXT NOT NULL,
  FOREIGN KEY (batch, position) REFERENCES workunits,
  UNIQUE (batch, position, output)
) STRICT;
CREATE INDEX results_in_order ON results (batch, id);

-- One row: sums over every report, every result and every host.
CREATE TABLE totals (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  hosts INTEGER NOT NULL DEFAULT 0,
  reports INTEGER NOT NULL DEFAULT 0,
  slices INTEGER NOT NULL DEFAULT 0,
  items INTEGER NOT NULL DEFAULT 0,
  results INTEGER NOT NULL DEFAULT 0,
  credit_reported INTEGER NOT NULL DEFAULT 0,
  credit_final INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO totals (one) VALUES (1);
