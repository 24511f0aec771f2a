//! See issue 3.
