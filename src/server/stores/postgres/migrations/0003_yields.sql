-- What each host should have found in what counted of its reports, on average, and what it found: who finds far too little keeps some.
-- Rows change often and in columns that no index holds, so that they stay on their page (HOT): it needs some room.

CREATE TABLE yields (
  host bigint NOT NULL REFERENCES hosts,
  app text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  expected double precision NOT NULL,
  found bigint NOT NULL,
  PRIMARY KEY (host, app, version)
) WITH (fillfactor = 70);
