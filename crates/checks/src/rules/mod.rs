//! The rules, one file each, and the table of them all.

use odmkit_diagnostics::Rule;

/// Declares the modules of the rules and the table, in the order of their codes.
macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(pub mod $module;)*

        /// Every rule, sorted by code.
        pub static RULES: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    c001_bad_cells_column,
    c002_bad_embedding,
    c003_cells_column_alias,
    c004_cells_value_ignored,
    d001_feature_attributes_missing,
    d002_feature_attributes_range,
    d003_feature_attributes_suspect,
    d004_not_a_number,
    d005_separator_absent,
    d006_uneven_measurements,
    d007_bad_separator,
    d008_unknown_data_class,
    d009_duplicate_feature,
    d010_demoted_column,
    d011_separator_suspect,
    d012_near_missing_token,
    d013_ignored_for_gct,
    f001_unreadable,
    f002_empty_file,
    f003_not_utf8,
    f004_byte_order_mark,
    f005_line_endings,
    f006_nul_byte,
    f007_bad_archive,
    f008_not_this_kind,
    f009_too_large,
    f010_line_too_long,
    f011_unknown_kind,
    f012_same_file_name,
    f013_left_out,
    f014_packing_not_taken,
    g001_bad_version,
    g002_bad_dimensions,
    g003_row_count_mismatch,
    g004_column_count_mismatch,
    g005_bad_name_header,
    g006_bad_description_header,
    g007_duplicate_sample,
    g008_space_in_sample,
    g009_empty_name,
    g010_empty_description,
    g011_duplicate_feature,
    g012_not_a_number,
    g013_gct_1_3,
    g014_no_version_line,
    g015_missing_token,
    k001_bad_facs_header,
    k002_bad_facs_record,
    k003_loose_facs_table,
    l001_unknown_sample,
    l002_sample_without_data,
    l003_no_link_attribute,
    l004_unknown_parent,
    l005_ambiguous_link,
    l006_link_attribute_not_in_template,
    l007_mixed_data_model,
    l008_unlinkable_data,
    l009_pooled_samples,
    l010_mixed_sources,
    l011_several_studies,
    l012_data_without_samples,
    m001_missing_attribute,
    m002_value_not_set,
    m003_type_mismatch,
    m004_not_in_vocabulary,
    m005_synonym,
    m006_unknown_attribute,
    m007_near_attribute,
    m008_read_only_attribute,
    m009_one_record,
    m010_no_key_column,
    m011_bad_list,
    m012_no_dictionary,
    m013_duplicate_key,
    m014_uneven_lists,
    m015_recommended_attribute,
    m016_blank_key,
    m017_many_records,
    m018_local_link,
    p001_bad_template,
    p002_bad_dictionary,
    t001_ragged_row,
    t002_duplicate_column,
    t003_unnamed_column,
    t004_long_column_name,
    t005_blank_line,
    t006_padded_text,
    t007_padding_tabs,
    t008_no_rows,
    t009_look_alike_characters,
    t010_spreadsheet_damage,
    t011_number_out_of_range,
    t012_quoted_field,
    v001_bad_vcf_header,
    v002_bad_vcf_record,
    v003_duplicate_vcf_sample,
    v004_unsorted_vcf,
    v005_loose_vcf_field,
    x001_bad_mapping,
    x002_duplicate_transcript,
}

/// The rule with this code.
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .copied()
        .find(|rule| rule.code.as_str().eq_ignore_ascii_case(code))
}
