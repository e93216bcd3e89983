-- What a district's code is called. The code stays what scopes and rows carry.
CREATE TABLE district (
    tenant TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (tenant, code)
) {STRICT};
