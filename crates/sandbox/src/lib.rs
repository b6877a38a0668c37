//! A local stand-in for ODM's import API.
