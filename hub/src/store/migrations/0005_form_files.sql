-- Files that forms read rows from or show beside their texts, each once by the hash of its bytes; `body` in the envelope.
-- They stay as long as the forms' versions do: a phone may still fill one.
CREATE TABLE file (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    size {INT8} NOT NULL,
    body {BYTES} NOT NULL,
    PRIMARY KEY (tenant, id)
) {STRICT};

-- Which file a version of a form means by a name (`src`: `jr://file-csv/shops.csv`), as last imported.
CREATE TABLE form_file (
    tenant TEXT NOT NULL,
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    src TEXT NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (tenant, form, version, src)
) {STRICT};
