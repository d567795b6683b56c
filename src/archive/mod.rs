//! The archive of observations: WARC 1.1, one gzip member a record.
//!
//! Takes observations, gives them back in order. Never interprets a body, never knows the database.
