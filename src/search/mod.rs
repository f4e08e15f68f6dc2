//! A *search* answers one request from one index.
pub mod error;
pub mod request;
pub mod response;
