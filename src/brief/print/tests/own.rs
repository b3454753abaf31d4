//! Templates of the reader.

use super::*;

#[test]
fn own_templates_see_the_record() {
    let template = "{% for event in events %}{{ event.title.text }} {{ event.title.citations|cite }}\n\
                    {% for item in event.key_points %}{{ item.checks|mark }} {{ item.text }}\n\
                    {% endfor %}{{ words.sources }}: {{ event|about }}\n{% endfor %}";
    let written = with_template(&note(), template, "own.txt").unwrap();
    assert!(written.starts_with("Valcourt bridge closed after part of its deck gave way [1]\n"));
    assert!(written.contains("[!] The repairs will cost 4.2 million euros & take"), "{written}");
    assert!(written.contains("Sources: 4 articles · 3 independent origins · 6 to 8 January 2026"));
    let record = serde_json::to_value(note()).unwrap();
    let again = with_template(&note(), "{{ events|tojson }}", "own.txt").unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&again).unwrap(), record["events"]);
}

#[test]
fn own_templates_escape_as_their_name_says() {
    let template = "{{ events[0].key_points[2].text }}";
    let as_in = |name| with_template(&note(), template, name).unwrap();
    assert!(as_in("own.html").contains("&lt;b&gt;tags"));
    assert!(as_in("own.html.jinja").contains("&lt;b&gt;tags"));
    assert!(as_in("own.md.j2").starts_with("\\- A dash, a \\*star"));
    assert!(as_in("own.json").starts_with('"'));
    assert!(as_in("own.tex").contains("<b>tags</b>"));
    assert_eq!(with_template(&note(), "{{ events[0].sources[2].title }}", "own").unwrap(), "");
    let built_in = with_template(&note(), "{% include 'note.md' %}", "own.md").unwrap();
    assert!(built_in.contains("### Key points"));
    let one = "{% from 'note.md' import whole %}{{ whole(events[1], 2, '#') }}";
    assert!(with_template(&note(), one, "own.md").unwrap().contains("# Bottom line"));
}

#[track_caller]
fn fault(template: &str) -> (Option<usize>, String) {
    let error = with_template(&note(), template, "my/own.md").unwrap_err();
    assert_eq!((error.code(), error.exit_code()), ("bad-template", 2));
    assert!(error.hint().is_some());
    let Error::Template { name, line, reason } = error else { panic!("{error}") };
    assert_eq!(name, "my/own.md");
    (line, reason)
}

#[test]
fn faults_of_own_templates_have_their_line() {
    let (line, reason) = fault("# {{ language }}\n{% for event in events %}\n");
    assert_eq!(line, Some(2), "{reason}");
    let (line, reason) = fault("\n\n{{ events[0].titel.text }}");
    assert_eq!(line, Some(3), "{reason}");
    let (line, reason) = fault("{{ events|sight }}");
    assert_eq!(line, Some(1), "{reason}");
    assert!(reason.contains("sight"), "{reason}");
    let (line, reason) = fault("{{ 'x' }}\n{{ 7|cite }}");
    assert_eq!(line, Some(2), "{reason}");
    let (line, reason) = fault("{% include '/etc/passwd' %}");
    assert_eq!(line, Some(1), "{reason}");
    let (line, reason) = fault("{{ words.key_pionts }}");
    assert_eq!(line, Some(1), "{reason}");
    let error = with_template(&note(), "{{ x", "own.md").unwrap_err().to_string();
    assert!(error.starts_with("cannot use the template own.md, line 1: "), "{error}");
}
