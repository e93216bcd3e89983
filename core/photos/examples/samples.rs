//! Writes one synthetic photo of every scene, its rendition and its thumbnail, into a folder:
//! `cargo run -p xuncha-photos --features sample --example samples -- FOLDER`.

use std::error::Error;
use std::path::PathBuf;

use xuncha_photos::sample::{SamplePhoto, Scene};
use xuncha_photos::{Orientation, RenditionSpec, rendition, thumbnail};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("name a folder")?);
    std::fs::create_dir_all(&folder)?;
    for (seed, scene) in (1..).zip(Scene::ALL) {
        let photo = SamplePhoto::of(scene, seed)
            .taken("2026-07-15T09:30:00", 480)
            .at(34.797, 114.307, 5.0)
            .held(Orientation::from(6))
            .jpeg()?;
        let travels = rendition(&photo, &RenditionSpec::STANDARD)?;
        std::fs::write(folder.join(format!("{scene:?}.jpg")), &photo)?;
        std::fs::write(folder.join(format!("{scene:?}.rendition.jpg")), &travels.bytes)?;
        std::fs::write(folder.join(format!("{scene:?}.thumbnail.jpg")), thumbnail(&travels.bytes)?.bytes)?;
    }
    Ok(())
}
