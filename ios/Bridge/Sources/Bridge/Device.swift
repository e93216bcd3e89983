import XunchaCore

/// What only a device can do. A desktop and the tests have stand-ins.
@MainActor
public protocol Device: AnyObject {
    /// Opens the camera; nil if the person went back without a photo.
    func takePhoto() async -> PhotoCapture?
    /// Where the phone is; nil without permission or fix.
    func fix() async -> Fix?
    /// Lets the person choose a file; nil if none was chosen.
    func chooseFile() async -> PhotoCapture?
}

extension Error {
    /// The sentence that a person reads for a failed call.
    func sentence(_ language: String) -> String {
        guard let error = self as? AppError else { return "" }
        return (try? errorSentence(error: error, language: language)) ?? ""
    }
}
