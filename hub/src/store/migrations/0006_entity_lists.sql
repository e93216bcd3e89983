-- ODK entities: what records create and update in lists that other forms read. Bodies stand in `entity` (kinds
-- entity_list, listed); here is what they came from.

-- A list that a form writes. `properties`: JSON array of names.
CREATE TABLE entity_list (
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    properties TEXT NOT NULL,
    since_ms {INT8} NOT NULL,
    PRIMARY KEY (tenant, name)
) {STRICT};

-- An entity as it is now. `conflict`: '' none, soft (two authors changed different things), hard (the same thing), until
-- a person has looked at it.
CREATE TABLE listed (
    tenant TEXT NOT NULL,
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    label TEXT NOT NULL,
    version {INT8} NOT NULL,
    conflict TEXT NOT NULL,
    changed_ms {INT8} NOT NULL,
    PRIMARY KEY (tenant, list, id)
) {STRICT};
CREATE INDEX listed_changed ON listed (tenant, list, changed_ms);

-- Each version that it had. `trunk`: the version that its author saw at the hub, -1 where the form does not say.
-- `body`: wire::listed::ListedChange as the record has it, JSON.
CREATE TABLE listed_version (
    tenant TEXT NOT NULL,
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    version {INT8} NOT NULL,
    record TEXT NOT NULL,
    device TEXT NOT NULL,
    person_name TEXT NOT NULL,
    trunk {INT8} NOT NULL,
    conflict TEXT NOT NULL,
    at_ms {INT8} NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, list, id, version)
) {STRICT};
CREATE INDEX listed_version_record ON listed_version (tenant, record);

-- What a record says of an entity and could not be done; the record stands. `why`: not_a_uuid, no_label, not_there,
-- already_there, no_list.
CREATE TABLE listed_fault (
    tenant TEXT NOT NULL,
    record TEXT NOT NULL,
    ord {INT8} NOT NULL,
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (tenant, record, ord)
) {STRICT};
