//! Client of ODM's import, job and link API.
