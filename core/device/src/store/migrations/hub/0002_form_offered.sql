-- The forms that may be filled, each as it was last whole: the replica may already hold a newer body whose files are not
-- all on this phone yet.
CREATE TABLE form_offered (
  rid  INTEGER PRIMARY KEY,
  form TEXT NOT NULL UNIQUE,
  body BLOB NOT NULL,
  sha  BLOB NOT NULL
) STRICT;
INSERT INTO form_offered (form, body, sha) SELECT id, body, sha FROM replica WHERE kind = 'form';
