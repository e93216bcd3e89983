// Nothing to import: the library only has to be linked.
