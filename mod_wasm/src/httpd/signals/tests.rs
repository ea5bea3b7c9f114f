//! Tests of the handlers, each in a forked child since they are the process's.
