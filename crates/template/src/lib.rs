//! ODM templates and dictionaries.
