//! Photos: bytes in, bytes out. Hash, EXIF, rendition, thumbnail. Pure.
