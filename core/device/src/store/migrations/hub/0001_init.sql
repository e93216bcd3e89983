-- hub.db: a replica of feeds. Disposable: a damaged one is moved aside and pulled anew from cursor 0.

CREATE TABLE meta (
  rid   INTEGER PRIMARY KEY,
  key   TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE replica (
  rid     INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL,
  id      TEXT NOT NULL,
  version INTEGER NOT NULL,
  body    BLOB NOT NULL,
  sha     BLOB NOT NULL,
  UNIQUE (kind, id)
) STRICT;

-- Which feed holds what, in which version: what the checksums count.
CREATE TABLE member (
  scope   TEXT NOT NULL,
  kind    TEXT NOT NULL,
  id      TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (scope, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_entity ON member (kind, id);

CREATE TABLE cursor (
  scope TEXT NOT NULL PRIMARY KEY,
  seq   INTEGER NOT NULL,
  mark  TEXT NOT NULL,
  count INTEGER NOT NULL,
  hash  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
