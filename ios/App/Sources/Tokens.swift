// Made by `cargo xtask tokens` from content/design/tokens.json: change it there.
import SwiftUI

/// Colours by role.
struct Palette: Sendable {
    let chart1: Color
    let chart2: Color
    let chart3: Color
    let chart4: Color
    let chart5: Color
    let chart6: Color
    let danger: Color
    let dangerFill: Color
    let edge: Color
    let hairline: Color
    let hint: Color
    let hintFill: Color
    let neutral: Color
    let neutralFill: Color
    let ok: Color
    let okFill: Color
    let onDangerFill: Color
    let onHintFill: Color
    let onNeutralFill: Color
    let onOkFill: Color
    let onPrimary: Color
    let onPrimaryFill: Color
    let onWarnFill: Color
    let page: Color
    let primary: Color
    let primaryFill: Color
    let raised: Color
    let surface: Color
    let text: Color
    let text2: Color
    let warn: Color
    let warnFill: Color

    static let light = Palette(
        chart1: Color(red: 0x0B / 255.0, green: 0x57 / 255.0, blue: 0xA4 / 255.0),
        chart2: Color(red: 0xC2 / 255.0, green: 0x41 / 255.0, blue: 0x0C / 255.0),
        chart3: Color(red: 0x00 / 255.0, green: 0x75 / 255.0, blue: 0x5A / 255.0),
        chart4: Color(red: 0x7A / 255.0, green: 0x3E / 255.0, blue: 0x9D / 255.0),
        chart5: Color(red: 0x8A / 255.0, green: 0x5A / 255.0, blue: 0x00 / 255.0),
        chart6: Color(red: 0x3F / 255.0, green: 0x4A / 255.0, blue: 0x57 / 255.0),
        danger: Color(red: 0xB3 / 255.0, green: 0x26 / 255.0, blue: 0x1E / 255.0),
        dangerFill: Color(red: 0xFC / 255.0, green: 0xE9 / 255.0, blue: 0xE7 / 255.0),
        edge: Color(red: 0x6A / 255.0, green: 0x74 / 255.0, blue: 0x80 / 255.0),
        hairline: Color(red: 0xC5 / 255.0, green: 0xCC / 255.0, blue: 0xD6 / 255.0),
        hint: Color(red: 0x5A / 255.0, green: 0x3D / 255.0, blue: 0x98 / 255.0),
        hintFill: Color(red: 0xEF / 255.0, green: 0xE9 / 255.0, blue: 0xFB / 255.0),
        neutral: Color(red: 0x4A / 255.0, green: 0x52 / 255.0, blue: 0x5C / 255.0),
        neutralFill: Color(red: 0xE8 / 255.0, green: 0xEC / 255.0, blue: 0xF1 / 255.0),
        ok: Color(red: 0x17 / 255.0, green: 0x66 / 255.0, blue: 0x2E / 255.0),
        okFill: Color(red: 0xE2 / 255.0, green: 0xF3 / 255.0, blue: 0xE6 / 255.0),
        onDangerFill: Color(red: 0x7A / 255.0, green: 0x17 / 255.0, blue: 0x10 / 255.0),
        onHintFill: Color(red: 0x3C / 255.0, green: 0x25 / 255.0, blue: 0x73 / 255.0),
        onNeutralFill: Color(red: 0x2F / 255.0, green: 0x36 / 255.0, blue: 0x3F / 255.0),
        onOkFill: Color(red: 0x0E / 255.0, green: 0x47 / 255.0, blue: 0x20 / 255.0),
        onPrimary: Color(red: 0xFF / 255.0, green: 0xFF / 255.0, blue: 0xFF / 255.0),
        onPrimaryFill: Color(red: 0x0A / 255.0, green: 0x35 / 255.0, blue: 0x60 / 255.0),
        onWarnFill: Color(red: 0x5E / 255.0, green: 0x32 / 255.0, blue: 0x00 / 255.0),
        page: Color(red: 0xF5 / 255.0, green: 0xF7 / 255.0, blue: 0xFA / 255.0),
        primary: Color(red: 0x0B / 255.0, green: 0x57 / 255.0, blue: 0xA4 / 255.0),
        primaryFill: Color(red: 0xDC / 255.0, green: 0xE9 / 255.0, blue: 0xF8 / 255.0),
        raised: Color(red: 0xED / 255.0, green: 0xF1 / 255.0, blue: 0xF6 / 255.0),
        surface: Color(red: 0xFF / 255.0, green: 0xFF / 255.0, blue: 0xFF / 255.0),
        text: Color(red: 0x1A / 255.0, green: 0x1D / 255.0, blue: 0x21 / 255.0),
        text2: Color(red: 0x43 / 255.0, green: 0x4B / 255.0, blue: 0x55 / 255.0),
        warn: Color(red: 0x8A / 255.0, green: 0x4A / 255.0, blue: 0x00 / 255.0),
        warnFill: Color(red: 0xFF / 255.0, green: 0xF1 / 255.0, blue: 0xDA / 255.0)
    )

    static let dark = Palette(
        chart1: Color(red: 0x8F / 255.0, green: 0xC3 / 255.0, blue: 0xFF / 255.0),
        chart2: Color(red: 0xFF / 255.0, green: 0x9E / 255.0, blue: 0x6B / 255.0),
        chart3: Color(red: 0x5F / 255.0, green: 0xD3 / 255.0, blue: 0xB0 / 255.0),
        chart4: Color(red: 0xD3 / 255.0, green: 0xA4 / 255.0, blue: 0xF0 / 255.0),
        chart5: Color(red: 0xE8 / 255.0, green: 0xC2 / 255.0, blue: 0x6A / 255.0),
        chart6: Color(red: 0xBA / 255.0, green: 0xC3 / 255.0, blue: 0xCD / 255.0),
        danger: Color(red: 0xFF / 255.0, green: 0xB4 / 255.0, blue: 0xAB / 255.0),
        dangerFill: Color(red: 0x5C / 255.0, green: 0x16 / 255.0, blue: 0x11 / 255.0),
        edge: Color(red: 0x8B / 255.0, green: 0x96 / 255.0, blue: 0xA2 / 255.0),
        hairline: Color(red: 0x3A / 255.0, green: 0x44 / 255.0, blue: 0x4F / 255.0),
        hint: Color(red: 0xCD / 255.0, green: 0xBB / 255.0, blue: 0xFF / 255.0),
        hintFill: Color(red: 0x3F / 255.0, green: 0x2C / 255.0, blue: 0x73 / 255.0),
        neutral: Color(red: 0xBA / 255.0, green: 0xC3 / 255.0, blue: 0xCD / 255.0),
        neutralFill: Color(red: 0x2D / 255.0, green: 0x35 / 255.0, blue: 0x3E / 255.0),
        ok: Color(red: 0x84 / 255.0, green: 0xD7 / 255.0, blue: 0x9A / 255.0),
        okFill: Color(red: 0x0E / 255.0, green: 0x42 / 255.0, blue: 0x22 / 255.0),
        onDangerFill: Color(red: 0xFF / 255.0, green: 0xDA / 255.0, blue: 0xD5 / 255.0),
        onHintFill: Color(red: 0xE9 / 255.0, green: 0xDF / 255.0, blue: 0xFF / 255.0),
        onNeutralFill: Color(red: 0xDD / 255.0, green: 0xE3 / 255.0, blue: 0xE9 / 255.0),
        onOkFill: Color(red: 0xB6 / 255.0, green: 0xF0 / 255.0, blue: 0xC4 / 255.0),
        onPrimary: Color(red: 0x00 / 255.0, green: 0x2E / 255.0, blue: 0x59 / 255.0),
        onPrimaryFill: Color(red: 0xD6 / 255.0, green: 0xE8 / 255.0, blue: 0xFF / 255.0),
        onWarnFill: Color(red: 0xFF / 255.0, green: 0xDF / 255.0, blue: 0xB0 / 255.0),
        page: Color(red: 0x0F / 255.0, green: 0x13 / 255.0, blue: 0x17 / 255.0),
        primary: Color(red: 0x8F / 255.0, green: 0xC3 / 255.0, blue: 0xFF / 255.0),
        primaryFill: Color(red: 0x14 / 255.0, green: 0x3B / 255.0, blue: 0x63 / 255.0),
        raised: Color(red: 0x22 / 255.0, green: 0x29 / 255.0, blue: 0x31 / 255.0),
        surface: Color(red: 0x17 / 255.0, green: 0x1C / 255.0, blue: 0x21 / 255.0),
        text: Color(red: 0xE9 / 255.0, green: 0xEC / 255.0, blue: 0xEF / 255.0),
        text2: Color(red: 0xBA / 255.0, green: 0xC3 / 255.0, blue: 0xCD / 255.0),
        warn: Color(red: 0xFF / 255.0, green: 0xC4 / 255.0, blue: 0x6B / 255.0),
        warnFill: Color(red: 0x4F / 255.0, green: 0x31 / 255.0, blue: 0x00 / 255.0)
    )

    static let sunlight = Palette(
        chart1: Color(red: 0x0B / 255.0, green: 0x57 / 255.0, blue: 0xA4 / 255.0),
        chart2: Color(red: 0xC2 / 255.0, green: 0x41 / 255.0, blue: 0x0C / 255.0),
        chart3: Color(red: 0x00 / 255.0, green: 0x75 / 255.0, blue: 0x5A / 255.0),
        chart4: Color(red: 0x7A / 255.0, green: 0x3E / 255.0, blue: 0x9D / 255.0),
        chart5: Color(red: 0x8A / 255.0, green: 0x5A / 255.0, blue: 0x00 / 255.0),
        chart6: Color(red: 0x3F / 255.0, green: 0x4A / 255.0, blue: 0x57 / 255.0),
        danger: Color(red: 0x8B / 255.0, green: 0x00 / 255.0, blue: 0x00 / 255.0),
        dangerFill: Color(red: 0x8B / 255.0, green: 0x00 / 255.0, blue: 0x00 / 255.0),
        edge: Color(red: 0x00 / 255.0, green: 0x00 / 255.0, blue: 0x00 / 255.0),
        hairline: Color(red: 0x00 / 255.0, green: 0x00 / 255.0, blue: 0x00 / 255.0),
        hint: Color(red: 0x3B / 255.0, green: 0x1A / 255.0, blue: 0x82 / 255.0),
        hintFill: Color(red: 0xFF / 255.0, green: 0xFF / 255.0, blue: 0xFF / 255.0),
        neutral: Color(red: 0x1C / 255.0, green: 0x1C / 255.0, blue: 0x1C / 255.0),
        neutralFill: Color(red: 0xF0 / 255.0, green: 0xF0 / 255.0, blue: 0xF0 / 255.0),
        ok: Color(red: 0x00 / 255.0, green: 0x47 / 255.0, blue: 0x1C / 255.0),
        okFill: Color(red: 0xFF / 255.0, green: 0xFF / 255.0, blue: 0xFF / 255.0),
        onDangerFill: Color(red: 0xFF / 255.0, green: 0xFF / 255.0, blue: 0xFF / 255.0),
        onHintFill: Color(red: 0x3B / 255.0, green: 0x1A / 255.0, blue: 0x82 / 255.0),
        onNeutralFill: Color(red: 0x1C / 255.0, green: 0x1C / 255.0, blue: 0x1C / 255.0),
        onOkFill: Color(red: 0x00 / 255.0, green: 0x47 / 255.0, blue: 0x1C / 255.0),
        onPrimary: Color(red: 0xFF / 255.0, green: 0xFF / 255.0, blue: 0xFF / 255.0),
        onPrimaryFill: Color(red: 0x00 / 255.0, green: 0x3B / 255.0, blue: 0x7A / 255.0),
        onWarnFill: Color(red: 0x2B / 255.0, green: 0x16 / 255.0, blue: 0x00 / 255.0),
        page: Color(red: 0xFF / 255.0, green: 0xFF / 255.0, blue: 0xFF / 255.0),
        primary: Color(red: 0x00 / 255.0, green: 0x3B / 255.0, blue: 0x7A / 255.0),
        primaryFill: Color(red: 0xFF / 255.0, green: 0xFF / 255.0, blue: 0xFF / 255.0),
        raised: Color(red: 0xF0 / 255.0, green: 0xF0 / 255.0, blue: 0xF0 / 255.0),
        surface: Color(red: 0xFF / 255.0, green: 0xFF / 255.0, blue: 0xFF / 255.0),
        text: Color(red: 0x00 / 255.0, green: 0x00 / 255.0, blue: 0x00 / 255.0),
        text2: Color(red: 0x1C / 255.0, green: 0x1C / 255.0, blue: 0x1C / 255.0),
        warn: Color(red: 0x5C / 255.0, green: 0x2F / 255.0, blue: 0x00 / 255.0),
        warnFill: Color(red: 0xFF / 255.0, green: 0xE0 / 255.0, blue: 0x8A / 255.0)
    )

    /// Under text on a photo, and that text.
    static let scrim = Color(red: 0x00 / 255.0, green: 0x00 / 255.0, blue: 0x00 / 255.0).opacity(0.72)
    static let onScrim = Color(red: 0xFF / 255.0, green: 0xFF / 255.0, blue: 0xFF / 255.0)
}

/// A text style: size and line height in points before the user's font scale.
struct TypeStyle: Sendable {
    let size: CGFloat
    let line: CGFloat
    let weight: Font.Weight
}

/// Text styles.
struct TypeScale: Sendable {
    let body: TypeStyle
    let h1: TypeStyle
    let h2: TypeStyle
    let num: TypeStyle
    let q: TypeStyle
    let small: TypeStyle

    static let normal = TypeScale(
        body: TypeStyle(size: 17, line: 28, weight: .regular),
        h1: TypeStyle(size: 22, line: 32, weight: .semibold),
        h2: TypeStyle(size: 20, line: 30, weight: .semibold),
        num: TypeStyle(size: 32, line: 40, weight: .semibold),
        q: TypeStyle(size: 18, line: 28, weight: .semibold),
        small: TypeStyle(size: 15, line: 24, weight: .regular)
    )

    static let sunlight = TypeScale(
        body: TypeStyle(size: 18, line: 28, weight: .semibold),
        h1: TypeStyle(size: 24, line: 34, weight: .semibold),
        h2: TypeStyle(size: 22, line: 32, weight: .semibold),
        num: TypeStyle(size: 36, line: 44, weight: .semibold),
        q: TypeStyle(size: 20, line: 30, weight: .semibold),
        small: TypeStyle(size: 17, line: 28, weight: .semibold)
    )
}

/// Distances and sizes in points.
enum Dimens {
    static let space4: CGFloat = 4
    static let space8: CGFloat = 8
    static let space12: CGFloat = 12
    static let space16: CGFloat = 16
    static let space24: CGFloat = 24
    static let space32: CGFloat = 32
    static let space48: CGFloat = 48
    static let gloveGap: CGFloat = 12
    static let gloveTarget: CGFloat = 64
    static let icon: CGFloat = 18
    static let landscapeZone: CGFloat = 200
    static let line: CGFloat = 1
    static let listRow: CGFloat = 64
    static let margin: CGFloat = 16
    static let primaryButton: CGFloat = 56
    static let sunlightLine: CGFloat = 2
    static let touchGap: CGFloat = 8
    static let touchTarget: CGFloat = 48
    static let cornerCard: CGFloat = 8
    static let cornerInput: CGFloat = 4
    static let cornerSheet: CGFloat = 16
    static let focusGap: CGFloat = 2
    static let focusRing: CGFloat = 3
}

/// Times in milliseconds.
enum Motion {
    static let countAfterMs = 1000
    static let fadeMs = 150
    static let spinnerAfterMs = 300
}
