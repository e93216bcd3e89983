//! Passwords: argon2id, 64 MiB, three passes, at most two at a time.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::clock::{self, NoRandomness};
use crate::error::HubError;

/// Hashes computed at a time: 64 MiB each.
pub const AT_A_TIME: usize = 2;

/// Fewest characters of a password.
pub const SHORTEST: usize = 12;

fn argon() -> Result<Argon2<'static>, HubError> {
    let params = Params::new(64 * 1024, 3, 1, None);
    let params = params.map_err(|e| HubError::invalid("密码参数有误", e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A random password of 20 letters and digits that can't be mistaken for each other.
///
/// # Errors
/// [`NoRandomness`].
pub fn invent() -> Result<String, NoRandomness> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
    let bytes = clock::random::<20>()?;
    Ok(bytes.iter().filter_map(|b| LETTERS.get(usize::from(b % 32))).map(|c| char::from(*c)).collect())
}

/// The PHC string of a password.
///
/// # Errors
/// [`HubError`] if there is no randomness or no memory.
pub async fn hash(turns: &Arc<Semaphore>, password: &str) -> Result<String, HubError> {
    let salt = clock::random::<16>()?;
    let password = password.to_owned();
    in_turn(turns, move || {
        let hash: argon2::password_hash::phc::PasswordHash = argon()?
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|e| HubError::invalid("密码无法保存", e.to_string()))?;
        Ok(hash.to_string())
    })
    .await
}

/// Does the password fit the PHC string? An empty or unreadable string fits nothing, and takes as long, so that
/// nobody learns from the time which accounts exist.
///
/// # Errors
/// [`HubError`] if the work could not be done.
pub async fn verify(turns: &Arc<Semaphore>, password: &str, phc: &str) -> Result<bool, HubError> {
    let (password, phc) = (password.to_owned(), phc.to_owned());
    in_turn(turns, move || {
        let argon = argon()?;
        match PasswordHash::new(&phc) {
            Ok(parsed) => Ok(argon.verify_password(password.as_bytes(), &parsed).is_ok()),
            Err(_) => {
                let spent: Result<argon2::password_hash::phc::PasswordHash, _> =
                    argon.hash_password_with_salt(password.as_bytes(), b"nobody's own salt");
                drop(spent);
                Ok(false)
            }
        }
    })
    .await
}

async fn in_turn<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    work: impl FnOnce() -> Result<T, HubError> + Send + 'static,
) -> Result<T, HubError> {
    let turn = Arc::clone(turns).acquire_owned().await;
    let _turn = turn.map_err(|_| HubError::invalid("平台正在关闭", "the hub is closing"))?;
    tokio::task::spawn_blocking(work).await.map_err(|_| HubError::Store(crate::store::E::Panicked))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let turns = Arc::new(Semaphore::new(AT_A_TIME));
        let phc = hash(&turns, "correct horse battery").await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{phc}");
        assert!(verify(&turns, "correct horse battery", &phc).await.unwrap());
        assert!(!verify(&turns, "correct horse", &phc).await.unwrap());
        assert!(!verify(&turns, "", "").await.unwrap());
        assert_eq!(invent().unwrap().len(), 20);
    }
}
