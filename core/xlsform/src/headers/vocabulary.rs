//! The columns of each sheet.

/// Which columns a sheet knows, and what else they may be called.
pub(crate) struct Vocabulary {
    /// Column names as they are.
    pub(crate) known: &'static [&'static str],
    /// Another name, and what it stands for.
    pub(crate) aliases: &'static [(&'static str, &'static [&'static str])],
}

pub(crate) const SURVEY: Vocabulary = Vocabulary {
    known: &[
        "name",
        "label",
        "actions",
        "default",
        "guidance_hint",
        "instance",
        "query",
        "sms_field",
        "trigger",
        "bind",
        "choice_filter",
        "control",
        "hint",
        "media",
        "parameters",
        "type",
        "choices",
        "itemset",
        "list_name",
    ],
    aliases: &[
        ("compact_tag", &["instance", "odk:tag"]),
        ("read_only", &["bind", "readonly"]),
        ("readonly", &["bind", "readonly"]),
        ("relevant", &["bind", "relevant"]),
        ("relevance", &["bind", "relevant"]),
        ("caption", &["label"]),
        ("appearance", &["control", "appearance"]),
        ("required", &["bind", "required"]),
        ("constraint", &["bind", "constraint"]),
        ("constraining_message", &["bind", "jr:constraintMsg"]),
        ("constraint_message", &["bind", "jr:constraintMsg"]),
        ("calculation", &["bind", "calculate"]),
        ("calculate", &["bind", "calculate"]),
        ("command", &["type"]),
        ("tag", &["name"]),
        ("value", &["name"]),
        ("image", &["media", "image"]),
        ("big-image", &["media", "big-image"]),
        ("audio", &["media", "audio"]),
        ("video", &["media", "video"]),
        ("count", &["control", "jr:count"]),
        ("repeat_count", &["control", "jr:count"]),
        ("jr:count", &["control", "jr:count"]),
        ("autoplay", &["control", "autoplay"]),
        ("rows", &["control", "rows"]),
        ("noapperrorstring", &["bind", "jr:noAppErrorString"]),
        ("no_app_error_string", &["bind", "jr:noAppErrorString"]),
        ("requiredmsg", &["bind", "jr:requiredMsg"]),
        ("required_message", &["bind", "jr:requiredMsg"]),
        ("body", &["control"]),
        ("save_to", &["bind", "entities:saveto"]),
    ],
};

pub(crate) const CHOICES: Vocabulary = Vocabulary {
    known: &["name", "label", "media", "sms_option"],
    aliases: &[
        ("caption", &["label"]),
        ("list_name", &["list name"]),
        ("value", &["name"]),
        ("image", &["media", "image"]),
        ("big-image", &["media", "big-image"]),
        ("audio", &["media", "audio"]),
        ("video", &["media", "video"]),
    ],
};

pub(crate) const ENTITIES: Vocabulary = Vocabulary {
    known: &["dataset", "entity_id", "create_if", "update_if", "repeat", "label"],
    aliases: &[("list_name", &["dataset"])],
};

pub(crate) const SETTINGS: Vocabulary = Vocabulary {
    known: &[
        "name",
        "title",
        "id_string",
        "version",
        "default_language",
        "instance_name",
        "style",
        "namespaces",
        "attribute",
        "auto_delete",
        "auto_send",
        "add_none_option",
        "clean_text_values",
        "client_editable",
        "instance_xmlns",
        "omit_instanceID",
        "public_key",
        "submission_url",
        "allow_choice_duplicates",
        "delimiter",
        "flat",
        "sms_keyword",
    ],
    aliases: &[
        ("form_title", &["title"]),
        ("set_form_title", &["title"]),
        ("form_id", &["id_string"]),
        ("set_form_id", &["id_string"]),
        ("prefix", &["prefix"]),
    ],
};
