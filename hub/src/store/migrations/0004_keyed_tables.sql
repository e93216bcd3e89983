-- Rows that are found by their key only lie in the key's own tree, so that each is written once and not twice.
-- {KEYED}: what SQLite spells STRICT, WITHOUT ROWID. One index of the feed serves both who asks where an entity
-- stands and who asks whether a feed holds it. Indexes that no query reads go.

CREATE TABLE feed_keyed (
    tenant TEXT NOT NULL,
    scope TEXT NOT NULL,
    seq {INT8} NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    ver {INT8} NOT NULL,
    leave {INT8} NOT NULL,
    at_ms {INT8} NOT NULL,
    PRIMARY KEY (tenant, scope, seq)
) {KEYED};
INSERT INTO feed_keyed (tenant, scope, seq, kind, id, ver, leave, at_ms)
    SELECT tenant, scope, seq, kind, id, ver, leave, at_ms FROM feed;
DROP TABLE feed;
ALTER TABLE feed_keyed RENAME TO feed;
CREATE UNIQUE INDEX feed_entity ON feed (tenant, kind, id, scope);

CREATE TABLE op_verdict_keyed (
    tenant TEXT NOT NULL,
    op TEXT NOT NULL,
    st TEXT NOT NULL,
    why TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    head TEXT NOT NULL,
    state TEXT NOT NULL,
    person TEXT NOT NULL,
    decided_ms {INT8} NOT NULL,
    decided_by TEXT NOT NULL,
    PRIMARY KEY (tenant, op)
) {KEYED};
INSERT INTO op_verdict_keyed (tenant, op, st, why, zh, en, head, state, person, decided_ms, decided_by)
    SELECT tenant, op, st, why, zh, en, head, state, person, decided_ms, decided_by FROM op_verdict;
DROP TABLE op_verdict;
ALTER TABLE op_verdict_keyed RENAME TO op_verdict;
CREATE INDEX op_verdict_st ON op_verdict (tenant, st, decided_ms) WHERE st <> 'applied';

CREATE TABLE fact_keyed (
    tenant TEXT NOT NULL,
    record TEXT NOT NULL,
    ord {INT8} NOT NULL,
    word TEXT NOT NULL,
    nth {INT8} NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant, record, ord)
) {KEYED};
INSERT INTO fact_keyed (tenant, record, ord, word, nth, value)
    SELECT tenant, record, ord, word, nth, value FROM fact;
DROP TABLE fact;
ALTER TABLE fact_keyed RENAME TO fact;

CREATE TABLE device_photo_keyed (
    tenant TEXT NOT NULL,
    device TEXT NOT NULL,
    photo TEXT NOT NULL,
    PRIMARY KEY (tenant, device, photo)
) {KEYED};
INSERT INTO device_photo_keyed (tenant, device, photo) SELECT tenant, device, photo FROM device_photo;
DROP TABLE device_photo;
ALTER TABLE device_photo_keyed RENAME TO device_photo;
CREATE INDEX device_photo_photo ON device_photo (tenant, photo);

DROP INDEX op_entity;
DROP INDEX record_kind_day;
DROP INDEX record_campaign;
DROP INDEX record_site;
DROP INDEX record_person;
