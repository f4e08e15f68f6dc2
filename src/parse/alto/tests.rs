//! ALTO pages tested: order, hyphens, margins, what is broken.

use proptest::prelude::*;

use crate::parse::tests::{article, read_all, show, show_found};

fn page(layout: &str) -> String {
    format!(
        "<?xml version='1.0'?><alto xmlns='http://www.loc.gov/standards/alto/ns-v4#'><Description><sourceImageInformation>\
         <fileName>C:\\scans\\Gazette-1915-03-02-0001.tif</fileName></sourceImageInformation></Description>{layout}</alto>"
    )
}

fn line(words: &str) -> String {
    let words: Vec<String> = words.split(' ').map(|word| format!("<String CONTENT='{word}'/>")).collect();
    format!("<TextLine>{}</TextLine>", words.join("<SP/>"))
}

fn block(id: &str, text: &str) -> String {
    let lines: String = text.split('|').map(line).collect();
    format!("<TextBlock ID='{id}' LANG='eng'>{lines}</TextBlock>")
}

fn check(layout: &str, want: &str) {
    let record = article("a.xml", &page(layout));
    assert_eq!(show(&record), format!("published: 1915-03-02\nlanguage: en\n{want}"), "{layout}");
}

#[test]
fn blocks_are_paragraphs() {
    let blocks = [block("A", "Ships  sail to-|morrow &amp; on."), block("B", "Ports are|open.")].concat();
    check(
        &format!("<Layout><Page ID='P'><PrintSpace>{blocks}</PrintSpace></Page></Layout>"),
        "> Ships sail tomorrow & on.\n> Ports are open.",
    );
    check(
        &format!(
            "<Layout><Page><TopMargin>{}</TopMargin><PrintSpace><ComposedBlock>{blocks}</ComposedBlock></PrintSpace></Page></Layout>",
            block("M", "THE GAZETTE 3")
        ),
        "> Ships sail tomorrow & on.\n> Ports are open.",
    );
}

#[test]
fn words_in_two_parts_are_one() {
    let lines = "<TextLine><String CONTENT='Great'/><String CONTENT='har' SUBS_TYPE='HypPart1' SUBS_CONTENT='harbour'/><HYP CONTENT='-'/></TextLine>\
                 <TextLine><String CONTENT='bour' SUBS_TYPE='HypPart2' SUBS_CONTENT='harbour'/><String CONTENT='mas-'/><HYP CONTENT='-'/></TextLine>\
                 <TextLine><String CONTENT='ters'/></TextLine>";
    check(
        &format!(
            "<Layout><Page><PrintSpace><TextBlock language='en'>{lines}</TextBlock></PrintSpace></Page></Layout>"
        ),
        "> Great harbour masters",
    );
}

#[test]
fn the_order_of_reading() {
    let layout = |order: &str, blocks: &str| {
        format!("{order}<Layout><Page><PrintSpace>{blocks}</PrintSpace></Page></Layout>")
    };
    let three = [block("A", "One."), block("B", "Two."), block("C", "Three.")].concat();
    check(
        &layout(
            "<ReadingOrder><OrderedGroup ID='g'><ElementRef ID='1' REF='C'/><UnorderedGroup ID='h'><ElementRef ID='2' REF='A'/>\
             </UnorderedGroup></OrderedGroup></ReadingOrder>",
            &three,
        ),
        "> Three.\n> One.\n> Two.",
    );
    check(
        &layout("", &three.replace("ID='A'", "ID='A' IDNEXT='C'").replace("ID='C' L", "ID='C' IDNEXT='B' L")),
        "> One.\n> Three.\n> Two.",
    );
    let circle = three.replace("ID='A' L", "ID='A' IDNEXT='B' L").replace("ID='B' L", "ID='B' IDNEXT='A' L");
    check(&layout("", &circle), "> Three.\n> One.\n> Two.");
}

#[test]
fn what_is_no_page_is_told() {
    let check = |text: &str, want_end: &str, want: &[&str]| {
        let (end, found) = read_all("a.xml", text.as_bytes());
        assert!(end.contains(want_end), "{end}");
        assert_eq!(found.iter().map(show_found).collect::<Vec<_>>(), want, "{text}");
    };
    check(&page("<Layout><Page><PrintSpace/></Page></Layout>"), "alto", &["none: a page without text"]);
    check(&page(""), "expected a Page", &[]);
    let cut = page(&format!("<Layout><Page><PrintSpace>{}<TextBlock>", block("A", "One.")));
    check(cut.trim_end_matches("</alto>"), "the file ends before its </TextBlock>", &["article "]);
    let two = format!("<Layout><Page>{0}</Page><Page>{0}</Page></Layout>", block("A", "One."));
    check(&page(&two), "alto", &["article ", "article  (page 2)"]);
}

proptest! {
    #[test]
    fn never_panics(layout in "(<Page>|</Page>|<PrintSpace>|</PrintSpace>|<TopMargin>|</TopMargin>|<ComposedBlock ID='a'>|</ComposedBlock>|\
                               <TextBlock ID='b' IDNEXT='a'>|</TextBlock>|<TextLine HPOS='7' ID='c'>|</TextLine>|<String CONTENT='-'/>|\
                               <String CONTENT='é-' SUBS_TYPE='HypPart2'/>|<HYP/>|<String CONTENT='a' SUBS_TYPE='HypPart1' SUBS_CONTENT='ab'/>){0,30}") {
        let _found = read_all("a.xml", page(&layout).as_bytes());
    }
}
