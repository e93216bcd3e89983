//! Pages of the feeds, each asked for while the one before is applied.

use xuncha_wire::Cursor;
use xuncha_wire::pull::Page;

use super::Run;
use crate::sync::plan::{Failure, Limits};

impl Run<'_> {
    pub(super) async fn page(&mut self, cursor: &Cursor, max: usize) -> Result<Page, Failure> {
        if let Some((of, asked)) = self.ahead.page.take()
            && of == *cursor
            && let Ok((page, bytes)) = asked.await
        {
            self.client.bytes.1 += bytes;
            return page;
        }
        self.client.pull(cursor, max, self.with_own).await
    }

    /// Asks for the page after the one that is about to be applied.
    pub(super) fn ask_ahead(&mut self, after: &Cursor) {
        let (mut client, cursor, with_own) = (self.client.clone(), after.clone(), self.with_own);
        client.bytes = (0, 0);
        let asked = tokio::task::spawn_local(async move {
            let page = client.pull(&cursor, Limits::default().page_rows, with_own).await;
            (page, client.bytes.1)
        });
        self.ahead.page = Some((after.clone(), asked));
    }
}
