//! The scenes: a street under a sky, and what an inspector photographs in it.

use image::{Rgb, RgbImage};

/// What a synthetic photo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scene {
    /// Litter on the road (暴露垃圾).
    Litter,
    /// A hole in the road (路面破损).
    Pothole,
    /// A manhole cover out of place (井盖移位).
    Manhole,
    /// A crooked, dirty shop sign (门头招牌破损).
    Signboard,
    /// Bills pasted on a wall (小广告).
    IllegalBills,
    /// Goods of a shop on the pavement (店外经营).
    ShopGoods,
    /// The same street after the work: nothing on it.
    Clean,
    /// A red thank-you banner with golden writing, held by two persons (锦旗).
    Banner,
    /// A meeting-room table on a visit (走访座谈).
    Meeting,
}

impl Scene {
    /// Every scene.
    pub const ALL: [Self; 9] = [
        Self::Litter,
        Self::Pothole,
        Self::Manhole,
        Self::Signboard,
        Self::IllegalBills,
        Self::ShopGoods,
        Self::Clean,
        Self::Banner,
        Self::Meeting,
    ];
}

/// Draws a scene. Coordinates run from 0 to 1 in both directions, whatever the size in pixels.
pub(super) fn draw(scene: Scene, seed: u64, width: u32, height: u32) -> RgbImage {
    let mut canvas =
        Canvas { picture: RgbImage::new(width, height), dice: Dice(seed ^ 0x9E37_79B9_7F4A_7C15) };
    match scene {
        Scene::Banner => banner(&mut canvas),
        Scene::Meeting => meeting(&mut canvas),
        _ => street(&mut canvas, scene),
    }
    canvas.grain();
    canvas.picture
}

fn street(canvas: &mut Canvas, scene: Scene) {
    let haze = canvas.dice.within(0, 40);
    canvas.sky([150 + haze, 190 + haze, 235]);
    let wall = [170 + canvas.dice.within(0, 50), 150, 130];
    canvas.rectangle([0.0, 0.18, 1.0, 0.58], wall);
    for shop in 0..4 {
        let left = 0.02 + 0.25 * f64::from(shop);
        let sign = [canvas.dice.within(30, 200), canvas.dice.within(30, 120), canvas.dice.within(30, 200)];
        canvas.rectangle([left, 0.24, left + 0.21, 0.33], sign);
        canvas.writing([left + 0.02, 0.26, left + 0.19, 0.31], 4, [240, 240, 230]);
        canvas.rectangle([left + 0.02, 0.36, left + 0.19, 0.58], [70, 85, 95]);
    }
    canvas.rectangle([0.0, 0.58, 1.0, 0.68], [175, 172, 165]);
    canvas.rectangle([0.0, 0.68, 1.0, 1.0], [88, 90, 92]);
    for dash in 0..5 {
        let left = 0.04 + 0.2 * f64::from(dash);
        canvas.rectangle([left, 0.835, left + 0.1, 0.85], [225, 225, 215]);
    }
    match scene {
        Scene::Litter => litter(canvas),
        Scene::Pothole => {
            canvas.ellipse([0.5, 0.83], [0.16, 0.07], [58, 56, 54]);
            canvas.ellipse([0.51, 0.84], [0.11, 0.045], [34, 32, 31]);
        }
        Scene::Manhole => {
            canvas.ellipse([0.46, 0.83], [0.1, 0.06], [18, 18, 18]);
            canvas.ellipse([0.53, 0.81], [0.1, 0.06], [120, 116, 110]);
            canvas.ellipse([0.53, 0.81], [0.07, 0.04], [96, 92, 88]);
        }
        Scene::Signboard => {
            canvas.rectangle([0.27, 0.26, 0.4, 0.38], [92, 78, 60]);
            canvas.rectangle([0.4, 0.3, 0.48, 0.42], [120, 96, 70]);
            canvas.writing([0.29, 0.29, 0.38, 0.35], 3, [60, 50, 40]);
        }
        Scene::IllegalBills => {
            for _ in 0..14 {
                let (x, y) = (canvas.dice.place(0.03, 0.9), canvas.dice.place(0.34, 0.5));
                canvas.rectangle([x, y, x + 0.05, y + 0.07], [245, 235, 150]);
                canvas.writing([x + 0.008, y + 0.012, x + 0.042, y + 0.058], 2, [190, 30, 30]);
            }
        }
        Scene::ShopGoods => {
            for crate_number in 0..9 {
                let left = 0.06 + 0.095 * f64::from(crate_number);
                let top = 0.55 + canvas.dice.place(0.0, 0.03);
                let fruit = [canvas.dice.within(150, 250), canvas.dice.within(60, 180), 40];
                canvas.rectangle([left, top, left + 0.08, 0.68], [150, 110, 60]);
                canvas.rectangle([left + 0.008, top + 0.012, left + 0.072, top + 0.05], fruit);
            }
        }
        Scene::Clean | Scene::Banner | Scene::Meeting => {}
    }
}

fn litter(canvas: &mut Canvas) {
    canvas.ellipse([0.5, 0.84], [0.2, 0.08], [104, 92, 62]);
    for _ in 0..60 {
        let (x, y) = (canvas.dice.place(0.3, 0.7), canvas.dice.place(0.76, 0.9));
        let colour = [canvas.dice.within(40, 255), canvas.dice.within(40, 255), canvas.dice.within(40, 255)];
        let size = canvas.dice.place(0.008, 0.03);
        canvas.rectangle([x, y, x + size, y + size * 1.2], colour);
    }
}

fn banner(canvas: &mut Canvas) {
    canvas.sky([205, 215, 225]);
    canvas.rectangle([0.0, 0.75, 1.0, 1.0], [140, 135, 130]);
    for x in [0.2, 0.8] {
        canvas.ellipse([x, 0.3], [0.055, 0.085], [225, 185, 155]);
        canvas.rectangle([x - 0.09, 0.38, x + 0.09, 0.9], [35, 45, 75]);
    }
    canvas.rectangle([0.3, 0.2, 0.7, 0.88], [190, 20, 28]);
    canvas.rectangle([0.3, 0.2, 0.7, 0.225], [225, 180, 60]);
    canvas.rectangle([0.3, 0.84, 0.7, 0.88], [225, 180, 60]);
    for column in 0..2 {
        let left = 0.39 + 0.13 * f64::from(column);
        for row in 0..4 {
            let top = 0.28 + 0.125 * f64::from(row);
            canvas.writing([left, top, left + 0.09, top + 0.1], 1, [235, 195, 70]);
        }
    }
}

fn meeting(canvas: &mut Canvas) {
    canvas.rectangle([0.0, 0.0, 1.0, 1.0], [215, 208, 196]);
    canvas.rectangle([0.3, 0.08, 0.7, 0.38], [60, 85, 70]);
    canvas.writing([0.34, 0.16, 0.66, 0.3], 6, [235, 235, 225]);
    for seat in 0..5 {
        let x = 0.14 + 0.18 * f64::from(seat);
        let coat = [canvas.dice.within(30, 120), canvas.dice.within(30, 120), canvas.dice.within(40, 140)];
        canvas.ellipse([x, 0.48], [0.04, 0.06], [225, 185, 155]);
        canvas.rectangle([x - 0.07, 0.54, x + 0.07, 0.72], coat);
    }
    canvas.rectangle([0.04, 0.68, 0.96, 1.0], [120, 80, 50]);
    for paper in 0..5 {
        let left = 0.09 + 0.18 * f64::from(paper);
        canvas.rectangle([left, 0.74, left + 0.1, 0.82], [245, 245, 240]);
    }
}

struct Canvas {
    picture: RgbImage,
    dice: Dice,
}

impl Canvas {
    fn sky(&mut self, [red, green, blue]: [u8; 3]) {
        let height = self.picture.height().max(1);
        for (_, y, pixel) in self.picture.enumerate_pixels_mut() {
            let fade = u8::try_from(y * 30 / height).unwrap_or(30);
            *pixel = Rgb([
                red.saturating_add(fade),
                green.saturating_add(fade / 2),
                blue.saturating_sub(fade / 3),
            ]);
        }
    }

    fn rectangle(&mut self, [left, top, right, bottom]: [f64; 4], colour: [u8; 3]) {
        let (width, height) = self.picture.dimensions();
        for y in pixel(top, height)..pixel(bottom, height) {
            for x in pixel(left, width)..pixel(right, width) {
                self.picture.put_pixel(x, y, Rgb(colour));
            }
        }
    }

    fn ellipse(&mut self, [x, y]: [f64; 2], [wide, high]: [f64; 2], colour: [u8; 3]) {
        let (width, height) = self.picture.dimensions();
        for py in pixel(y - high, height)..pixel(y + high, height) {
            let dy = (f64::from(py) / f64::from(height) - y) / high;
            let reach = wide * (1.0 - dy * dy).max(0.0).sqrt();
            for px in pixel(x - reach, width)..pixel(x + reach, width) {
                self.picture.put_pixel(px, py, Rgb(colour));
            }
        }
    }

    /// Bars that read as writing from afar: `signs` blocks of strokes side by side. There is no font here.
    fn writing(&mut self, [left, top, right, bottom]: [f64; 4], signs: u32, colour: [u8; 3]) {
        let step = (right - left) / f64::from(signs.max(1));
        let (stroke, high) = (step * 0.12, bottom - top);
        for sign in 0..signs {
            let x = left + step * f64::from(sign);
            for bar in [0.0, 0.4, 0.8] {
                let y = top + high * (bar + self.dice.place(0.0, 0.08));
                self.rectangle([x, y, x + step * 0.8, y + high * 0.12], colour);
            }
            let upright = x + self.dice.place(0.1, 0.6) * step;
            self.rectangle([upright, top, upright + stroke, bottom], colour);
        }
    }

    /// Sensor noise: without it every scene would compress to a few kilobytes, as no photo does.
    fn grain(&mut self) {
        for pixel in self.picture.pixels_mut() {
            let noise = self.dice.within(0, 12);
            pixel.0 = pixel.0.map(|channel| channel.saturating_add(noise).saturating_sub(6));
        }
    }
}

fn pixel(position: f64, side: u32) -> u32 {
    (position.clamp(0.0, 1.0) * f64::from(side)).round() as u32
}

/// A small generator (SplitMix64), so that a seed always draws the same picture.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From `low` up to `high`, without `high`.
    fn within(&mut self, low: u8, high: u8) -> u8 {
        let span = u64::from(high.saturating_sub(low).max(1));
        low + u8::try_from(self.roll() % span).unwrap_or(0)
    }

    fn place(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.roll() % 10_000) as f64 / 10_000.0
    }
}
