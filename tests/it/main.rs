//! The integration tests: one binary, one module a topic.

mod hub;
mod hub_disk;
mod hub_mirror;
mod hub_world;
mod models_command;
// reading
mod clean;
mod clean_command;
mod dirt;
mod formats;
mod html;
mod input;
mod language;
mod seeds;
mod sentence;
// engine
mod attention;
mod chat;
mod end_to_end;
mod engine;
mod invariants;
mod model_files;
mod network;
mod peers;
mod tiny;
mod tokenizer;
// digest and translate
mod digest;
mod digest_command;
mod eval_command;
mod help;
mod pipeline;
mod script;
mod translate_command;
mod translate_lines;
