//! What the columns of a row say of its element.

use crate::expression::is_dynamic_default;
use crate::field::{Field, Fields};
use crate::tree::{Element, Kind};

/// What the settings sheet says of the form as a whole, with the heads of the survey sheet.
pub(super) fn whole_form(root: &mut Element, settings: &Fields) {
    let by_language = |name: &str| settings.get(name).filter(|field| field.map().is_some()).cloned();
    root.label = by_language("label");
    root.hint = by_language("hint");
    root.media = settings.get("media").and_then(Field::map).cloned().unwrap_or_default();
    root.bind = settings.get("bind").and_then(Field::map).cloned();
}

/// Is the default computed when the form opens?
pub(super) fn is_dynamic(fields: &Fields, word: &str) -> bool {
    fields.text("default").is_some_and(|default| is_dynamic_default(default, word))
}

/// What the row says of the element, laid over what its type brings.
pub(super) fn fill(element: &mut Element, fields: &Fields) {
    element.label = fields.get("label").cloned();
    element.hint = fields.get("hint").cloned();
    if let Kind::Question(kind) = element.kind {
        element.guidance = fields.get("guidance_hint").cloned();
        element.default = fields.text("default").map(str::to_owned);
        element.choice_filter = fields.text("choice_filter").map(str::to_owned);
        if element.hint.is_none() && !kind.hint.is_empty() {
            element.hint = Some(Field::Text(kind.hint.to_owned()));
        }
    }
    if let Some(Field::Map(media)) = fields.get("media") {
        element.media = media.clone();
    }
    if let Some(Field::Map(control)) = fields.get("control") {
        element.control = control.clone();
    }
    if let Some(Field::Map(instance)) = fields.get("instance") {
        element.instance = instance.clone();
    }
    if let Some(Field::Map(bind)) = fields.get("bind") {
        let own = element.bind.take().unwrap_or_default();
        element.bind = Some(laid_over(own, bind));
    }
    // Such a label stands over the choices of its neighbours; it may be blank, never missing.
    if element.label.is_none() && element.control.text("appearance") == Some("label") {
        element.label = Some(Field::Text(" ".to_owned()));
    }
}

/// A map over another, in whose order it goes on.
fn laid_over(mut own: Fields, over: &Fields) -> Fields {
    let fixed = own.0.len();
    for (key, value) in &over.0 {
        // A name stands once in each, so what is new needs no look at what was added.
        match own.0.iter_mut().take(fixed).find(|(known, _)| known == key) {
            Some((_, place)) => *place = value.clone(),
            None => own.0.push((std::rc::Rc::clone(key), value.clone())),
        }
    }
    own
}
