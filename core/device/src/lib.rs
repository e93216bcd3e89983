//! The phone's engine room: app, fill, store, media, sync. All the phone's I/O.
