-- The hub's first schema.
--
-- Every key starts with the tenant; no column is NULL: what is not there is '' or 0. Times are milliseconds
-- since 1970 UTC by the hub's clock, unless the name says device. Booleans are 0 and 1. {INT8}, {BYTES} and
-- {STRICT} are what SQLite and PostgreSQL spell differently. Bodies begin with wire::envelope's two bytes.

-- A city, and what its hub is called. `zone_min`: minutes east of UTC, for days and case numbers.
CREATE TABLE tenant (
    tenant TEXT NOT NULL PRIMARY KEY,
    hub_id TEXT NOT NULL,
    bureau TEXT NOT NULL,
    epoch TEXT NOT NULL,
    zone_min {INT8} NOT NULL,
    created_ms {INT8} NOT NULL,
    backup_ms {INT8} NOT NULL
) {STRICT};

CREATE TABLE unit (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    district TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) {STRICT};

-- A member of staff. `roles`: words of casework's Role joined by commas. `districts`: codes joined by commas;
-- '' is the unit's own district, '*' all. `login` '' and `password` '': no access to the console.
-- `state`: active, suspended.
CREATE TABLE person (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    post TEXT NOT NULL,
    roles TEXT NOT NULL,
    districts TEXT NOT NULL,
    login TEXT NOT NULL,
    password TEXT NOT NULL,
    must_change {INT8} NOT NULL,
    state TEXT NOT NULL,
    created_ms {INT8} NOT NULL,
    PRIMARY KEY (tenant, id)
) {STRICT};
CREATE UNIQUE INDEX person_login ON person (tenant, login) WHERE login <> '';
CREATE INDEX person_unit ON person (tenant, unit);

-- A phone. `state`: active, revoked. `held`, `photos_held`: what the hub has of it; `safe_n`: ops 1..=safe_n
-- are in a backup. The last statement of the phone itself: made, photos_made, photos_waiting, waiting_why.
-- `clock_ms`: the phone's clock minus the hub's at its last push. `epoch`: the epoch it was told last.
CREATE TABLE device (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    key {BYTES} NOT NULL,
    alg TEXT NOT NULL,
    key_level TEXT NOT NULL,
    model TEXT NOT NULL,
    app TEXT NOT NULL,
    state TEXT NOT NULL,
    enrolled_ms {INT8} NOT NULL,
    revoked_ms {INT8} NOT NULL,
    seen_ms {INT8} NOT NULL,
    pushed_ms {INT8} NOT NULL,
    made {INT8} NOT NULL,
    photos_made {INT8} NOT NULL,
    photos_waiting {INT8} NOT NULL,
    waiting_why TEXT NOT NULL,
    clock_ms {INT8} NOT NULL,
    held {INT8} NOT NULL,
    photos_held {INT8} NOT NULL,
    safe_n {INT8} NOT NULL,
    epoch TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) {STRICT};
CREATE INDEX device_person ON device (tenant, person);
CREATE UNIQUE INDEX device_id ON device (id);

-- What a phone said of itself, the last of each day: "made 120, held 118" by inspector and day.
CREATE TABLE statement (
    tenant TEXT NOT NULL,
    device TEXT NOT NULL,
    day TEXT NOT NULL,
    at_ms {INT8} NOT NULL,
    made {INT8} NOT NULL,
    held {INT8} NOT NULL,
    photos_made {INT8} NOT NULL,
    photos_held {INT8} NOT NULL,
    photos_waiting {INT8} NOT NULL,
    waiting_why TEXT NOT NULL,
    device_wall_ms {INT8} NOT NULL,
    device_offset_min {INT8} NOT NULL,
    device_mono_ms {INT8} NOT NULL,
    device_boot TEXT NOT NULL,
    app TEXT NOT NULL,
    PRIMARY KEY (tenant, device, day)
) {STRICT};

-- One-time enrolment codes, by the SHA-256 of their 16 bytes. used_ms 0: not spent.
CREATE TABLE enrol_code (
    tenant TEXT NOT NULL,
    hash {BYTES} NOT NULL,
    person TEXT NOT NULL,
    issued_by TEXT NOT NULL,
    issued_ms {INT8} NOT NULL,
    expires_ms {INT8} NOT NULL,
    used_ms {INT8} NOT NULL,
    used_device TEXT NOT NULL,
    PRIMARY KEY (tenant, hash)
) {STRICT};
CREATE UNIQUE INDEX enrol_code_hash ON enrol_code (hash);

CREATE TABLE challenge (
    tenant TEXT NOT NULL,
    hash {BYTES} NOT NULL,
    device TEXT NOT NULL,
    expires_ms {INT8} NOT NULL,
    PRIMARY KEY (tenant, hash)
) {STRICT};
CREATE INDEX challenge_expires ON challenge (tenant, expires_ms);

-- Bearer tokens of phones, by their SHA-256.
CREATE TABLE token (
    tenant TEXT NOT NULL,
    hash {BYTES} NOT NULL,
    device TEXT NOT NULL,
    expires_ms {INT8} NOT NULL,
    PRIMARY KEY (tenant, hash)
) {STRICT};
CREATE UNIQUE INDEX token_hash ON token (hash);
CREATE INDEX token_device ON token (tenant, device);

-- Sessions of the console, by the SHA-256 of the cookie.
CREATE TABLE session (
    tenant TEXT NOT NULL,
    hash {BYTES} NOT NULL,
    person TEXT NOT NULL,
    csrf TEXT NOT NULL,
    created_ms {INT8} NOT NULL,
    seen_ms {INT8} NOT NULL,
    expires_ms {INT8} NOT NULL,
    PRIMARY KEY (tenant, hash)
) {STRICT};
CREATE UNIQUE INDEX session_hash ON session (hash);
CREATE INDEX session_person ON session (tenant, person);

-- Failed sign-ins, by account and by address.
CREATE TABLE throttle (
    tenant TEXT NOT NULL,
    who TEXT NOT NULL,
    failures {INT8} NOT NULL,
    until_ms {INT8} NOT NULL,
    PRIMARY KEY (tenant, who)
) {STRICT};

-- Custody: every op as the phone wrote it. Rows are never changed. `device` is 'console' for moves made there.
-- `kind` is the wire's word, or 'unread' for bytes that are no op. `clock_ms`: the phone's clock minus the hub's.
CREATE TABLE op (
    tenant TEXT NOT NULL,
    op TEXT NOT NULL,
    device TEXT NOT NULL,
    person TEXT NOT NULL,
    n {INT8} NOT NULL,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    parent TEXT NOT NULL,
    received_ms {INT8} NOT NULL,
    device_ms {INT8} NOT NULL,
    clock_ms {INT8} NOT NULL,
    sha {BYTES} NOT NULL,
    bytes {BYTES} NOT NULL,
    PRIMARY KEY (tenant, op)
) {STRICT};
CREATE INDEX op_device ON op (tenant, device, n);
CREATE INDEX op_entity ON op (tenant, entity);

-- What became of an op. No row: taken into custody, not judged yet.
-- `st`: applied, refused, quarantined. `by`: '' the hub, else the person who decided.
CREATE TABLE op_verdict (
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
) {STRICT};
CREATE INDEX op_verdict_st ON op_verdict (tenant, st, decided_ms) WHERE st <> 'applied';

-- Bodies of everything that comes down the feeds, as the phone gets them: wire::entity, wire::body.
CREATE TABLE entity (
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    ver {INT8} NOT NULL,
    body {BYTES} NOT NULL,
    PRIMARY KEY (tenant, kind, id)
) {STRICT};

-- One gapless counter a scope. `mark`: sign of the last commit; `rows` and `sum`: wire::cursor::ScopeSum
-- (sum as the 64 bits of an i64); `pruned`: leave rows up to here may be gone.
CREATE TABLE scope (
    tenant TEXT NOT NULL,
    scope TEXT NOT NULL,
    seq {INT8} NOT NULL,
    mark TEXT NOT NULL,
    held {INT8} NOT NULL,
    sum {INT8} NOT NULL,
    pruned {INT8} NOT NULL,
    PRIMARY KEY (tenant, scope)
) {STRICT};

CREATE TABLE scope_mark (
    tenant TEXT NOT NULL,
    scope TEXT NOT NULL,
    seq {INT8} NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (tenant, scope, seq)
) {STRICT};

CREATE TABLE feed (
    tenant TEXT NOT NULL,
    scope TEXT NOT NULL,
    seq {INT8} NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    ver {INT8} NOT NULL,
    leave {INT8} NOT NULL,
    at_ms {INT8} NOT NULL,
    PRIMARY KEY (tenant, scope, seq)
) {STRICT};
CREATE UNIQUE INDEX feed_entity ON feed (tenant, scope, kind, id);
CREATE INDEX feed_where ON feed (tenant, kind, id);

-- A finalized form instance. Its body is entity (kind 'record'). `unit`: the author's unit then. `day`:
-- YYYY-MM-DD of finalized_ms in the tenant's zone. `replaced_by`: the record that amends this one.
-- `search`: what a search looks in.
CREATE TABLE record (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    op TEXT NOT NULL,
    device TEXT NOT NULL,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL,
    unit TEXT NOT NULL,
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    site TEXT NOT NULL,
    campaign TEXT NOT NULL,
    district TEXT NOT NULL,
    day TEXT NOT NULL,
    device_started_ms {INT8} NOT NULL,
    device_finalized_ms {INT8} NOT NULL,
    received_ms {INT8} NOT NULL,
    amends TEXT NOT NULL,
    replaced_by TEXT NOT NULL,
    photos {INT8} NOT NULL,
    search TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) {STRICT};
CREATE INDEX record_kind_day ON record (tenant, kind, day);
CREATE INDEX record_campaign ON record (tenant, campaign, day);
CREATE INDEX record_site ON record (tenant, site);
CREATE INDEX record_person ON record (tenant, person, day);

-- wire::body::Fact: what the form's xc:maps marks say. `ord` is its place in the body.
CREATE TABLE fact (
    tenant TEXT NOT NULL,
    record TEXT NOT NULL,
    ord {INT8} NOT NULL,
    word TEXT NOT NULL,
    nth {INT8} NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant, record, ord)
) {STRICT};
CREATE INDEX fact_word ON fact (tenant, word, value);

-- A case. `body`: casework's Case, JSON, in an envelope. The other columns say what it says, for lists:
-- `state`, `kind`, `outcome` are casework's words; `category` is standard|kind|code; due_ms 0: none runs;
-- `stopped` 1: the clock stands still.
CREATE TABLE casefile (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    head TEXT NOT NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    record TEXT NOT NULL,
    nth {INT8} NOT NULL,
    site TEXT NOT NULL,
    campaign TEXT NOT NULL,
    district TEXT NOT NULL,
    category TEXT NOT NULL,
    topic TEXT NOT NULL,
    description TEXT NOT NULL,
    place TEXT NOT NULL,
    road_class TEXT NOT NULL,
    reporter TEXT NOT NULL,
    reporter_name TEXT NOT NULL,
    reported_ms {INT8} NOT NULL,
    unit TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL,
    dispatched_ms {INT8} NOT NULL,
    due_ms {INT8} NOT NULL,
    stopped {INT8} NOT NULL,
    rectified_ms {INT8} NOT NULL,
    verified_ms {INT8} NOT NULL,
    closed_ms {INT8} NOT NULL,
    outcome TEXT NOT NULL,
    satisfaction TEXT NOT NULL,
    reworks {INT8} NOT NULL,
    photos {INT8} NOT NULL,
    changed_ms {INT8} NOT NULL,
    search TEXT NOT NULL,
    body {BYTES} NOT NULL,
    PRIMARY KEY (tenant, id)
) {STRICT};
CREATE UNIQUE INDEX casefile_number ON casefile (tenant, number);
CREATE INDEX casefile_state ON casefile (tenant, state, due_ms);
CREATE INDEX casefile_reported ON casefile (tenant, reported_ms);
CREATE INDEX casefile_campaign ON casefile (tenant, campaign, reported_ms);
CREATE INDEX casefile_unit ON casefile (tenant, unit, state);
CREATE INDEX casefile_record ON casefile (tenant, record);
CREATE INDEX casefile_site ON casefile (tenant, site);

-- Last case number given on a day (YYYYMMDD).
CREATE TABLE case_number (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    last {INT8} NOT NULL,
    PRIMARY KEY (tenant, day)
) {STRICT};

-- Everything that was done to a case or tried, oldest first; refused moves stay. `what`: casework's move word,
-- or 'note'. `blobs`: JSON array of photo ids. `body`: wire::body::MoveBody, CaseReport or CaseNote, in an envelope.
CREATE TABLE case_history (
    tenant TEXT NOT NULL,
    casefile TEXT NOT NULL,
    seq {INT8} NOT NULL,
    op TEXT NOT NULL,
    what TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    device_ms {INT8} NOT NULL,
    hub_ms {INT8} NOT NULL,
    st TEXT NOT NULL,
    why TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    blobs TEXT NOT NULL,
    body {BYTES} NOT NULL,
    PRIMARY KEY (tenant, casefile, seq)
) {STRICT};
CREATE UNIQUE INDEX case_history_op ON case_history (tenant, op);

-- A photo by the hash of its bytes. `state`: named (an op names it, nothing is here), complete.
-- What has arrived of an unfinished upload is the length of its .part file.
CREATE TABLE photo (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    size {INT8} NOT NULL,
    mime TEXT NOT NULL,
    state TEXT NOT NULL,
    damage TEXT NOT NULL,
    named_ms {INT8} NOT NULL,
    complete_ms {INT8} NOT NULL,
    PRIMARY KEY (tenant, id)
) {STRICT};

-- Which phones' ops name a photo: what they may upload and ask for.
CREATE TABLE device_photo (
    tenant TEXT NOT NULL,
    device TEXT NOT NULL,
    photo TEXT NOT NULL,
    PRIMARY KEY (tenant, device, photo)
) {STRICT};
CREATE INDEX device_photo_photo ON device_photo (tenant, photo);

-- Where a photo stands. `kind`: record, case. `ref`: wire::body::PhotoRef as JSON.
CREATE TABLE photo_use (
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    op TEXT NOT NULL,
    ord {INT8} NOT NULL,
    photo TEXT NOT NULL,
    role TEXT NOT NULL,
    ref TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, entity, op, ord)
) {STRICT};
CREATE INDEX photo_use_photo ON photo_use (tenant, photo);

CREATE TABLE site (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    district TEXT NOT NULL,
    address TEXT NOT NULL,
    road_class TEXT NOT NULL,
    contact TEXT NOT NULL,
    person TEXT NOT NULL,
    unit TEXT NOT NULL,
    post TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) {STRICT};
CREATE INDEX site_district ON site (tenant, district, kind);

CREATE TABLE campaign (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    form TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) {STRICT};

-- `person` '': nobody yet. `done`: the record that fulfilled it.
CREATE TABLE assignment (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    campaign TEXT NOT NULL,
    site TEXT NOT NULL,
    person TEXT NOT NULL,
    unit TEXT NOT NULL,
    post TEXT NOT NULL,
    due TEXT NOT NULL,
    done TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) {STRICT};
CREATE UNIQUE INDEX assignment_site ON assignment (tenant, campaign, site);
CREATE INDEX assignment_person ON assignment (tenant, person);

-- Every version of a form that was ever imported; `current` 1 for the one that phones fill. `workbook`: the
-- .xlsx as it came, empty if the form came as XML.
CREATE TABLE form (
    tenant TEXT NOT NULL,
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    quick {INT8} NOT NULL,
    current {INT8} NOT NULL,
    xml TEXT NOT NULL,
    workbook {BYTES} NOT NULL,
    imported_ms {INT8} NOT NULL,
    imported_by TEXT NOT NULL,
    PRIMARY KEY (tenant, form, version)
) {STRICT};

-- Catalogues and calendars in every version, as casework reads them (JSON). `kind`: catalogue, calendar.
CREATE TABLE rulebook (
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version {INT8} NOT NULL,
    body TEXT NOT NULL,
    imported_ms {INT8} NOT NULL,
    imported_by TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, id, version)
) {STRICT};

-- Who did what at the hub; each row's hash is over the row and the hash before it.
CREATE TABLE audit (
    tenant TEXT NOT NULL,
    seq {INT8} NOT NULL,
    at_ms {INT8} NOT NULL,
    person TEXT NOT NULL,
    what TEXT NOT NULL,
    about TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev {BYTES} NOT NULL,
    hash {BYTES} NOT NULL,
    PRIMARY KEY (tenant, seq)
) {STRICT};
