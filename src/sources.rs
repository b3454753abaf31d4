//! Which sentences of an article a sentence of its summary rests on.
