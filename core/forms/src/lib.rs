//! ODK XForms: forms compiled once, filled, checked and submitted. Pure: bytes in, values and bytes out;
//! no file, clock, socket, thread or randomness of its own.
//!
//! - [`Form::compile`] reads the XML of a form and of its external instances ([`ExternalInstances`]).
//!   All paths are resolved, all expressions parsed, and the order of evaluation is fixed. What the engine
//!   does not run is a [`FormError::Unsupported`] that names the feature and its place.
//! - [`Session`] is one record being filled. An answer evaluates only what depends on it.
//! - [`Session::view`], [`Session::page`] and [`Session::choices`] are what a screen draws.
//! - [`Session::save`] and [`Session::restore`] keep a draft; [`Session::finalize`] makes the submission.
//!
//! ```
//! use std::sync::Arc;
//! use xuncha_forms::{Answer, Context, Form, Limits, Moment, NoExternals, NodeRef, Session};
//!
//! /// Clock, randomness and properties come from outside.
//! struct Phone;
//! impl Context for Phone {
//!     fn now(&self) -> Moment {
//!         Moment { unix_ms: 1_772_676_000_000, offset_minutes: 480 }
//!     }
//!     fn entropy(&mut self) -> [u8; 16] {
//!         *b"from the system!"
//!     }
//!     fn property(&self, _name: &str) -> Option<String> {
//!         None
//!     }
//! }
//!
//! let xml = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
//!   <h:head><h:title>Visit</h:title><model>
//!     <instance><data id="visit"><people/><late/><meta><instanceID/></meta></data></instance>
//!     <bind nodeset="/data/people" type="int" required="true()" constraint=". &lt; 100"/>
//!     <bind nodeset="/data/late" relevant="/data/people > 10"/>
//!   </model></h:head>
//!   <h:body>
//!     <input ref="/data/people"><label>How many?</label></input>
//!     <input ref="/data/late"><label>Why so many?</label></input>
//!   </h:body></h:html>"#;
//! let form = Arc::new(Form::compile(xml.as_bytes(), &NoExternals, &Limits::default())?);
//! let mut session = Session::start(form, &mut Phone)?;
//! assert_eq!(session.view().children.len(), 1);
//! assert_eq!(session.blocking().len(), 1);
//!
//! let people = NodeRef::from("/data/people");
//! let changed = session.answer(&people, &Answer::Integer(120), &mut Phone)?;
//! assert!(changed.problem.is_some(), "kept, and reported");
//! session.answer(&people, &Answer::Integer(12), &mut Phone)?;
//! assert_eq!(session.view().children.len(), 2);
//!
//! let submission = session.finalize(&mut Phone).map_err(|blocking| format!("{blocking:?}"))?;
//! assert!(submission.instance_id.starts_with("uuid:"));
//! assert!(String::from_utf8(submission.xml)?.contains("<people>12</people><late/>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod audit;
mod choices;
mod context;
mod csv;
mod entities;
mod error;
mod form;
mod geojson;
mod graph;
mod instance;
mod itext;
mod secondary;
mod session;
mod submission;
mod value;
mod xform;
mod xml;
pub mod xpath;

pub use answer::{
    Answer, Blocking, Changed, Choice, Choices, Encrypted, EntityChange, FormView, GeoPoint, Group, Item,
    Label, Mapped, Media, Misfit, NodeRef, Problem, Question, QuestionKind, Range, Reason, Repeat,
    RepeatInstance, Request, Submission, SubmissionRules, Warning, Wish,
};
pub use audit::{AuditEvent, AuditLocation, AuditLog, AuditRules};
pub use context::{Context, ExternalInstances, Limits, Moment, NoExternals};
pub use entities::{EntityError, EntityList};
pub use error::{AnswerError, EncryptionError, FormError, Place};
pub use form::Form;
pub use session::{NodeState, Session};
