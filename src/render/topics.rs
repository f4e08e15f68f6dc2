//! A *tree* of topics, each below its parent, with the articles of each.

use std::io;
use std::io::Write;

use crate::render::Format;
use crate::render::Paint;
use crate::render::Style;
use crate::render::chart::thousands;
use crate::render::json;
use crate::render::layout::width;
use crate::render::safe;
use crate::search::topics::{Origin, TopicNode, TopicTree};

/// Writes a tree: drawn as one, as one object, or a topic a line or row.
///
/// # Errors
/// Those of the writer.
pub fn tree(format: Format, tree: &TopicTree, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text(tree, style, out),
        Format::Json => json::object(tree, out),
        Format::JsonLines => tree.topics.iter().try_for_each(|topic| json::line(topic, out)),
        Format::Csv => table(tree, out),
        Format::Ids | Format::Trec => {
            tree.topics.iter().try_for_each(|topic| writeln!(out, "{}", safe::text(&topic.path)))
        }
    }
}

fn text(tree: &TopicTree, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let branches: Vec<String> = (0..tree.topics.len()).map(|at| branch(&tree.topics, at)).collect();
    let name = |topic: &TopicNode| safe::text(topic.path.rsplit('/').next().unwrap_or_default()).into_owned();
    let widths = branches.iter().zip(&tree.topics).map(|(branch, topic)| width(branch) + width(&name(topic)));
    let most = widths.max().unwrap_or_default();
    for (branch, topic) in branches.iter().zip(&tree.topics) {
        let name = name(topic);
        style.write(out, Paint::Dim, branch)?;
        style.write(out, if branch.is_empty() { Paint::Strong } else { Paint::Plain }, &name)?;
        let blank = " ".repeat(most - width(branch) - width(&name));
        let note = match topic.origin {
            Origin::Builtin => "",
            Origin::User => "  yours",
            Origin::Learned => "  learned",
            Origin::Index => "  only in the index",
        };
        match topic.count {
            Some(count) => write!(out, "{blank}  {:>9}", thousands(count))?,
            None if !note.is_empty() => write!(out, "{blank}")?,
            None => {}
        }
        style.write(out, Paint::Dim, note)?;
        writeln!(out)?;
    }
    Ok(())
}

/// The lines that lead to a topic of the list.
fn branch(topics: &[TopicNode], at: usize) -> String {
    let depth = |topic: &TopicNode| topic.path.matches('/').count();
    let own = depth(&topics[at]);
    // Whether a topic of that depth follows below the same parents.
    let goes_on = |level: usize| {
        let later = topics[at + 1..].iter().map(depth).find(|depth| *depth <= level);
        later == Some(level)
    };
    (1..=own)
        .map(|level| match (goes_on(level), level == own) {
            (true, true) => "├─ ",
            (false, true) => "└─ ",
            (true, false) => "│  ",
            (false, false) => "   ",
        })
        .collect()
}

fn table(tree: &TopicTree, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["topic", "count", "origin", "iptc", "about"])?;
    for topic in &tree.topics {
        let count = topic.count.map(|count| count.to_string()).unwrap_or_default();
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let row = [
            topic.path.clone(),
            count,
            topic.origin.name().to_owned(),
            optional(&topic.iptc),
            optional(&topic.about),
        ];
        table.write_record(row.iter().map(|cell| safe::cell(cell).into_owned()))?;
    }
    table.flush()
}

#[cfg(test)]
mod tests {
    use super::{Format, Origin, Style, TopicNode, TopicTree, tree};

    fn check(counted: bool, format: Format, expected: &str) {
        let node = |path: &str, origin, count| TopicNode {
            path: path.to_owned(),
            count: Some(count).filter(|_| counted),
            origin,
            iptc: None,
            about: Some("=x".to_owned()),
        };
        let topics = vec![
            node("Business", Origin::Builtin, 12_345),
            node("Business/Oil", Origin::User, 7),
            node("Business/Oil/Spills", Origin::Builtin, 0),
            node("Business/Rice", Origin::Learned, 3),
            node("Sport", Origin::Index, 1),
        ];
        let all = TopicTree { articles: Some(20_000).filter(|_| counted), topics };
        let mut out = Vec::new();
        tree(format, &all, Style { colour: false, width: 80 }, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn a_tree_is_drawn() {
        check(
            true,
            Format::Text,
            "Business         12,345\n\
             ├─ Oil                7  yours\n\
             │  └─ Spills          0\n\
             └─ Rice               3  learned\n\
             Sport                 1  only in the index\n",
        );
        check(
            false,
            Format::Text,
            "Business\n├─ Oil        yours\n│  └─ Spills\n└─ Rice       learned\nSport         only in the index\n",
        );
        check(
            true,
            Format::Csv,
            "topic,count,origin,iptc,about\nBusiness,12345,builtin,,'=x\nBusiness/Oil,7,user,,'=x\n\
             Business/Oil/Spills,0,builtin,,'=x\nBusiness/Rice,3,learned,,'=x\nSport,1,index,,'=x\n",
        );
    }
}
