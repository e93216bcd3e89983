//! The bureau's rules: cases, moves, deadlines, catalogue, figures, sentences. Pure.
