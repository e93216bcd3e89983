//! ODK XForms engine: compile once, answer, validate, submit. Pure: no file, clock, socket or thread.
