-- What each host should have found in what counted of its reports, on average, and what it found: who finds far too little keeps some.

CREATE TABLE yields (
  host INTEGER NOT NULL REFERENCES hosts,
  app TEXT NOT NULL,
  version INTEGER NOT NULL,
  expected REAL NOT NULL,
  found INTEGER NOT NULL,
  PRIMARY KEY (host, app, version)
) STRICT, WITHOUT ROWID;
