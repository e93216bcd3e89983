//! Phones, a hub and a bad network between them.
