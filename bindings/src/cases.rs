//! The ledger, cases, and moves.

use xuncha_device::view::{
    CaseFilter, CaseMove, CasePage, CaseView, MovePreview, MoveReceipt, PhotoCapture, PhotoView,
};

use crate::App;
use crate::guard::{Result, later};

#[uniffi::export]
impl App {
    /// A page of the ledger: what this person may see, with own pending work laid over it.
    ///
    /// # Errors
    /// `Closed`, `Internal`.
    pub async fn cases(&self, filter: CaseFilter) -> Result<CasePage> {
        later(self.0.cases(filter)).await
    }

    /// A case with its whole history.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn case_view(&self, id: String) -> Result<CaseView> {
        later(self.0.case(id)).await
    }

    /// Whether a move would be taken, while its sheet is being filled. Records nothing.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn preview_move(&self, id: String, step: CaseMove) -> Result<MovePreview> {
        later(self.0.preview_move(id, step)).await
    }

    /// Makes a move: judged here by the hub's own rule on replica and own pending moves, then recorded.
    ///
    /// # Errors
    /// `Invalid` with the sentence if it is not allowed or evidence is missing.
    pub async fn move_case(&self, id: String, step: CaseMove) -> Result<MoveReceipt> {
        later(self.0.move_case(id, step)).await
    }

    /// Adds words or photos to a case. Never conflicts. Photos are ids that `attach_case_photo` returned.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` if it is empty.
    pub async fn note_case(&self, id: String, text: String, photos: Vec<String>) -> Result<MoveReceipt> {
        later(self.0.note_case(id, text, photos)).await
    }

    /// Takes a photo in for a move or note on a case.
    ///
    /// # Errors
    /// `Invalid` if the file is not there or empty, `StorageFull`.
    pub async fn attach_case_photo(&self, id: String, photo: PhotoCapture) -> Result<PhotoView> {
        later(self.0.attach_case_photo(id, photo)).await
    }
}
