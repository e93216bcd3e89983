-- mine.db: what this person authored. Nothing the server says drops any of it. Frozen once landed.
-- Bodies begin with a version and an algorithm byte (xuncha-wire, envelope); `sha` is SHA-256 of the body as
-- stored, checked at each read. All tables are rowid tables with an integer key, so that salvage can walk them.

CREATE TABLE meta (
  rid   INTEGER PRIMARY KEY,
  key   TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
) STRICT;

-- An authored change on its way to the hub.
CREATE TABLE op (
  n       INTEGER PRIMARY KEY,          -- dense from 1: only for counting what is missing
  op_id   TEXT NOT NULL UNIQUE,
  kind    TEXT NOT NULL,                -- record, case_report, case_move, case_note
  entity  TEXT NOT NULL,                -- the record, or the case
  parent  TEXT NOT NULL DEFAULT '',     -- for moves: the head op that its author saw
  amends  TEXT NOT NULL DEFAULT '',
  scope   TEXT NOT NULL DEFAULT '',
  at_ms   INTEGER NOT NULL,             -- the phone's wall clock; evidence, never an order
  blobs   TEXT NOT NULL DEFAULT '[]',   -- ids of photos, JSON
  body    BLOB NOT NULL,
  sha     BLOB NOT NULL,
  state   TEXT NOT NULL DEFAULT 'pending'
          CHECK (state IN ('pending', 'applied', 'refused', 'quarantined', 'left')),
  held    INTEGER NOT NULL DEFAULT 0,   -- 1 once the hub said that it has it
  verdict TEXT NOT NULL DEFAULT ''      -- the hub's verdict, JSON
) STRICT;
CREATE INDEX op_pending ON op (n) WHERE state = 'pending';
CREATE INDEX op_open ON op (n) WHERE state IN ('refused', 'quarantined');
CREATE INDEX op_entity ON op (entity, n);
CREATE INDEX op_held ON op (held, n);

-- A finalized form instance, for lists. Its whole is the body of its op.
CREATE TABLE record (
  rid          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  op_id        TEXT NOT NULL,
  form         TEXT NOT NULL,
  version      TEXT NOT NULL,
  title        TEXT NOT NULL,
  kind         TEXT NOT NULL,
  site         TEXT NOT NULL DEFAULT '',
  campaign     TEXT NOT NULL DEFAULT '',
  finalized_ms INTEGER NOT NULL,
  photos       INTEGER NOT NULL,
  cases        TEXT NOT NULL            -- ids, JSON
) STRICT;
CREATE INDEX record_site ON record (site, rid);

-- A form being filled.
CREATE TABLE draft (
  rid          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  form         TEXT NOT NULL,
  version      TEXT NOT NULL,
  title        TEXT NOT NULL,
  missing      INTEGER NOT NULL,
  started_ms   INTEGER NOT NULL,
  changed_ms   INTEGER NOT NULL,
  discarded_ms INTEGER NOT NULL DEFAULT 0,
  body         BLOB NOT NULL,
  sha          BLOB NOT NULL
) STRICT;

-- Forms that drafts were begun with: the replica that they came from is disposable.
CREATE TABLE form_kept (
  rid     INTEGER PRIMARY KEY,
  form    TEXT NOT NULL,
  version TEXT NOT NULL,
  body    BLOB NOT NULL,
  sha     BLOB NOT NULL,
  UNIQUE (form, version)
) STRICT;

-- A photo, by the hash of its original bytes.
CREATE TABLE photo (
  rid     INTEGER PRIMARY KEY,
  id      TEXT NOT NULL UNIQUE,
  file    TEXT NOT NULL,                -- below the folder of photos
  size    INTEGER NOT NULL,
  mime    TEXT NOT NULL,
  width   INTEGER NOT NULL,
  height  INTEGER NOT NULL,
  damage  TEXT NOT NULL DEFAULT '',     -- one word; empty if whole
  made_ms INTEGER NOT NULL,
  held    INTEGER NOT NULL DEFAULT 0,   -- 1 once the hub has hashed it whole
  arrived INTEGER NOT NULL DEFAULT 0,   -- bytes at the hub, as last heard: a hint
  trouble TEXT NOT NULL DEFAULT ''      -- why it can't go up, in one word
) STRICT;

-- Where a photo is used, and what was known when it was taken.
CREATE TABLE photo_use (
  rid   INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,                  -- a draft, a record or a case
  photo TEXT NOT NULL,
  bound INTEGER NOT NULL DEFAULT 0,     -- 1 once an op names it: from then on it goes up
  body  BLOB NOT NULL,                  -- wire::body::PhotoRef
  sha   BLOB NOT NULL,
  UNIQUE (owner, photo)
) STRICT;
CREATE INDEX photo_use_photo ON photo_use (photo, bound);
