//! Throwaway: batch runner over prompts.
use std::io::BufRead;
use depeche::engine::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let t = std::time::Instant::now();
    let engine = Engine::open(a[1].as_ref(), &depeche::device::Device::cpu()).unwrap();
    eprintln!("load {:.2}", t.elapsed().as_secs_f64());
    let rows: usize = a.get(3).map_or(16, |s| s.parse().unwrap());
    let mut sched = engine.scheduler(Limits { n_rows: rows, ..Limits::default() });
    let f = std::io::BufReader::new(std::fs::File::open(&a[2]).unwrap());
    let mut ids = vec![];
    for (i, l) in f.lines().enumerate() {
        let v: serde_json::Value = serde_json::from_str(&l.unwrap()).unwrap();
        let msgs: Vec<Message> = v["messages"].as_array().unwrap().iter().map(|m| {
            let c = m["content"].as_str().unwrap();
            match m["role"].as_str().unwrap() { "system" => Message::system(c), "user" => Message::user(c), _ => Message::assistant(c) }
        }).collect();
        let mut p = engine.prompt(&msgs).unwrap();
        if let Some(s) = v["prefill"].as_str() { p.tokens.extend(engine.encode(s).unwrap()); }
        let stop = if v["one_line"].as_bool() == Some(true) { engine.line_breaks().clone() } else { Default::default() };
        ids.push(v["id"].clone());
        let sampling = Sampling { temperature: v["temperature"].as_f64().unwrap_or(0.0), seed: v["seed"].as_u64().unwrap_or(0), top_p: v["top_p"].as_f64().unwrap_or(1.0), repeat_penalty: v["repeat_penalty"].as_f64().unwrap_or(1.0) as f32 };
        sched.submit(Request { id: i as u64, prompt: p.tokens, n_shared: p.n_shared, max_new_tokens: v["max_tokens"].as_u64().unwrap() as usize, stop, sampling });
    }
    let t = std::time::Instant::now();
    while sched.n_pending() > 0 {
        for c in sched.step().unwrap() { println!("{}", serde_json::json!({"id": ids[c.id as usize], "stop": format!("{:?}", c.stop), "text": engine.text(&c).unwrap(), "n_prompt": c.n_prompt, "n_gen": c.tokens.len()})); }
    }
    eprintln!("{} wall {:.2} {:?}", ids.len(), t.elapsed().as_secs_f64(), sched.stats());
}
