use super::*;

fn view() -> BuildCard {
    BuildCard {
        name: "The Wall That Walks".to_owned(),
        class_name: "Knight".to_owned(),
        primary: Archetype::new("tank", "Tank"),
        secondary: Archetype::new("fighter", "Fighter"),
        race: "Vek".to_owned(),
        rating: Some(4.3),
        vote_count: 1_204,
        tags: vec!["pvp".to_owned(), "raid".to_owned()],
        ..BuildCard::default()
    }
}

/// Decodes a card and returns it, after checking its size and that it is neither blank nor large.
fn decode(png: &[u8]) -> Pixmap {
    assert!(png.len() < 200_000, "{} bytes", png.len());
    let image = Pixmap::decode_png(png).unwrap();
    assert_eq!((image.width(), image.height()), (WIDTH, HEIGHT));
    image
}

/// How many pixels of an area differ from the ground.
fn drawn(image: &Pixmap, (x, y): (u32, u32), (width, height): (u32, u32)) -> usize {
    let ground = image.pixel(WIDTH - 1, HEIGHT - 1).unwrap();
    let points = (y..y + height).flat_map(|y| (x..x + width).map(move |x| (x, y)));
    points.filter(|(x, y)| image.pixel(*x, *y).unwrap() != ground).count()
}

const TITLE: ((u32, u32), (u32, u32)) = ((60, 60), (780, 350));
const FOOT: ((u32, u32), (u32, u32)) = ((60, 500), (780, 80));
const MARGIN: ((u32, u32), (u32, u32)) = ((20, 60), (50, 500));

#[test]
fn every_state_is_drawn_within_its_margins() {
    let long =
        "An Unreasonably Long Name for a Build That Somebody Really Thought Through to the Very Last Charact";
    let states = [
        view(),
        BuildCard { rating: None, vote_count: 0, ..view() },
        BuildCard { name: "A".to_owned(), tags: Vec::new(), ..view() },
        BuildCard { name: format!("{long}!"), ..view() },
        BuildCard { name: "W".repeat(100), tags: vec!["w".repeat(30); 10], ..view() },
        BuildCard { name: "鋼鉄の壁".to_owned(), tags: vec!["日本".to_owned()], ..view() },
        BuildCard { name: "Θωρακισμένος ιππότης".to_owned(), ..view() },
        BuildCard { name: "Железная стена".to_owned(), ..view() },
        BuildCard { name: "</text><script>alert(1)</script>&\"'".to_owned(), ..view() },
        BuildCard { name: String::new(), class_name: String::new(), race: String::new(), ..view() },
        BuildCard {
            primary: Archetype::new("unknown", "Unknown"),
            secondary: Archetype::new("", ""),
            ..view()
        },
        BuildCard { rating: Some(5.0), vote_count: u64::MAX, ..view() },
    ];
    for state in states {
        let image = decode(&render(&state).unwrap());
        assert!(drawn(&image, TITLE.0, TITLE.1) > 500, "no title: {state:?}");
        assert!(drawn(&image, FOOT.0, FOOT.1) > 500, "no rating: {state:?}");
        assert_eq!(drawn(&image, MARGIN.0, MARGIN.1), 0, "something in the margin: {state:?}");
        assert_eq!(drawn(&image, (850, 60), (20, 500)), 0, "text runs into the emblem: {state:?}");
    }
}

#[test]
fn each_class_has_a_card() {
    let cards: Vec<_> =
        ["fighter", "tank", "rogue", "ranger", "mage", "summoner", "cleric", "bard", "retired"]
            .map(|id| {
                let png =
                    render_class_card("", &Archetype::new(id, id), &Archetype::new("bard", "Bard")).unwrap();
                assert!(drawn(&decode(&png), TITLE.0, TITLE.1) > 500);
                png
            })
            .into();
    assert!((1..cards.len()).all(|at| cards[at] != cards[at - 1]));
}

#[test]
fn a_name_that_the_fonts_cannot_draw_gives_its_place_to_the_class() {
    for name in ["鋼鉄の壁", "جدار", "Wall 壁", "🛡\u{fe0f}", "\u{202e}\u{200b}", "๑"] {
        let drawing = drawing(&BuildCard { name: name.to_owned(), ..view() }).unwrap();
        assert!(drawing.contains(">Knight</text>"), "{name}: {drawing}");
        assert!(drawing.contains(">Tank and Fighter · Vek</text>"), "{name}");
    }
}

#[test]
fn symbols_that_the_fonts_lack_are_left_out_of_a_name() {
    let drawing =
        drawing(&BuildCard { name: "🔥 Ember\u{202e}  Wall 👩\u{200d}👧 ⚔".to_owned(), ..view() }).unwrap();
    assert!(drawing.contains(">Ember Wall</text>"), "{drawing}");
}

#[test]
fn a_drawing_holds_nothing_but_shapes_and_texts() {
    let hostile = "<image href=\"http://example.org/x.png\"/>\u{0}&amp;]]>";
    let view = BuildCard {
        name: hostile.to_owned(),
        race: hostile.to_owned(),
        class_name: hostile.to_owned(),
        tags: vec![hostile.to_owned()],
        primary: Archetype::new(hostile, hostile),
        ..view()
    };
    let drawing = drawing(&view).unwrap();
    let parsed = roxmltree::Document::parse(&drawing).unwrap();
    let names: std::collections::BTreeSet<_> =
        parsed.descendants().filter(|it| it.is_element()).map(|it| it.tag_name().name().to_owned()).collect();
    let known = ["circle", "clipPath", "defs", "g", "path", "rect", "svg", "text", "use"];
    assert!(names.iter().all(|it| known.contains(&it.as_str())), "{names:?}");
    let links = parsed.descendants().flat_map(|it| it.attributes()).filter(|it| it.name() == "href");
    assert!(links.into_iter().all(|it| it.value() == "#stars"));
}

#[test]
fn the_fonts_are_small_and_cover_three_scripts() {
    for bytes in [
        include_bytes!("../../fonts/Inter-Regular.subset.otf").len(),
        include_bytes!("../../fonts/Inter-Bold.subset.otf").len(),
    ] {
        assert!(bytes <= 250_000, "{bytes} bytes");
    }
    let fonts = fonts::get().unwrap();
    for text in ["Żółć ß Æ ő", "Ωμέγα", "Ёлка Їжак", "1 – “x” … €"] {
        assert_eq!(fonts.drawable(text).as_deref(), Some(text));
    }
}
