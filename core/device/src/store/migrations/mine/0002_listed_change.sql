-- What own records say of entities, until the hub's list has it. Frozen once landed.
CREATE TABLE listed_change (
  rid    INTEGER PRIMARY KEY,
  record TEXT NOT NULL,
  op     TEXT NOT NULL,               -- the record's op
  list   TEXT NOT NULL,
  entity TEXT NOT NULL,
  syncs  INTEGER NOT NULL DEFAULT 0,  -- how many whole syncs have ended since the hub took the record
  body   BLOB NOT NULL,               -- wire::listed::ListedChange
  sha    BLOB NOT NULL
) STRICT;
CREATE INDEX listed_change_list ON listed_change (list, rid);
