//! The files that forms read and show, fetched at the end of a sync: what was made here has gone up by then.

use std::sync::Arc;

use xuncha_wire::entity::FormFile;

use super::client::Client;
use super::plan::Failure;
use super::running;
use crate::change::Change;
use crate::core::Core;
use crate::error::AppError;
use crate::store::{forms, transact};

/// Fetches what is missing, in pieces that are kept when it is cut, and offers the forms that are whole then. Answers with
/// how many forms wait for files still.
pub(super) async fn for_forms(core: &Arc<Core>, client: &mut Client) -> Result<u64, AppError> {
    let files = core.form_files.clone();
    let needed = core.read(|reader| Ok(forms::needed(reader)?)).await?;
    let missing: Vec<&FormFile> = needed.iter().filter(|file| !files.has(file)).collect();
    let all = missing.len() as u64;
    for (file, nth) in missing.into_iter().zip(0..) {
        running::tell(core, (nth, all), "正在取表单用的文件", "Fetching the files of forms");
        match one(core, client, file).await? {
            // The hub does not have it (any more), or what came was not it: the others may come all the same.
            Ok(()) | Err(Failure::NotFound | Failure::WrongHash | Failure::Garbled) => {}
            Err(_) => break,
        }
    }
    let offered = {
        let files = files.clone();
        core.write(move |writer| Ok(transact(&mut writer.hub, |tx| forms::offer(tx, &files, true))?)).await?
    };
    if offered {
        core.notifier.notice(Change::Everything);
    }
    // What no form needs any more goes only after the forms that needed it.
    core.read(move |reader| {
        files.sweep(forms::needed(reader)?.iter());
        Ok(forms::waiting(&reader.hub, &files)?)
    })
    .await
}

async fn one(
    core: &Arc<Core>,
    client: &mut Client,
    file: &FormFile,
) -> Result<Result<(), Failure>, AppError> {
    let files = &core.form_files;
    while files.arrived(file) < file.size {
        match client.file(&file.id, files.arrived(file)).await {
            Ok(piece) => files.append(file, &piece)?,
            Err(failure) => return Ok(Err(failure)),
        }
    }
    Ok(if files.complete(file)? { Ok(()) } else { Err(Failure::WrongHash) })
}
