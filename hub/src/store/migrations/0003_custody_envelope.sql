-- The bytes in custody begin with the envelope's version and algorithm byte too, as every stored body does.
UPDATE op SET bytes = CAST(x'0100' || bytes AS {BYTES});
