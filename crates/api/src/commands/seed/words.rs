//! The words that demo data is made of.

pub const ADJECTIVES: &[&str] = &[
    "Amber",
    "Ashen",
    "Bitter",
    "Brazen",
    "Crimson",
    "Drowsy",
    "Eager",
    "Fabled",
    "Frostbound",
    "Gilded",
    "Gentle",
    "Hollow",
    "Iron",
    "Lonely",
    "Merry",
    "Moonlit",
    "Nimble",
    "Patient",
    "Reckless",
    "Salted",
    "Silent",
    "Stormborn",
    "Tireless",
    "Wandering",
];

pub const NOUNS: &[&str] = &[
    "Anvil", "Badger", "Banner", "Bramble", "Comet", "Drum", "Ember", "Falcon", "Gale", "Harbour", "Heron",
    "Keystone", "Lantern", "Mantle", "Oak", "Otter", "Pilgrim", "Quill", "Raven", "Sentry", "Thistle",
    "Tide", "Verdict", "Wolf",
];

pub const ENDINGS: &[&str] = &["", "heart", "hand", "song", "ward", "7", "_x", "son"];

pub const STYLES: &[&str] = &[
    "for long evenings alone",
    "for small groups that trust each other",
    "for the second row of a raid",
    "that hits first and explains later",
    "that outlasts rather than outfights",
    "for guarding caravans",
    "for sieges, on the loud side of the gate",
    "that levels quickly and sells well",
];

pub const ADVICE: &[&str] = &[
    "Bring friends.",
    "Works best when you are patient.",
    "Change the last two skills for larger groups.",
    "I still tinker with it; tell me what you would do.",
    "Not for the first day, but worth it in the first week.",
];

/// Skills by primary archetype.
pub const SKILLS: &[(&str, &[&str])] = &[
    (
        "tank",
        &["Shield Rush", "Holdfast", "Gatekeeper's Shout", "Hooked Chain", "Brace", "Last Bastion", "Grit"],
    ),
    ("fighter", &["Overhead Cleave", "Lunge", "Blood Tempo", "Sundering Kick", "Whirl", "Rally", "Maim"]),
    ("rogue", &["Backstep", "Smoke Veil", "Twin Fangs", "Hamstring", "Coated Blade", "Vanish", "Cheap Shot"]),
    (
        "ranger",
        &[
            "Longshot",
            "Barbed Arrow",
            "Trapper's Snare",
            "Hunter's Mark",
            "Volley",
            "Camouflage",
            "Bear Trap",
        ],
    ),
    ("mage", &["Ember Bolt", "Frost Lattice", "Arc Chain", "Blink", "Meteor", "Mana Ward", "Prismatic Ray"]),
    (
        "summoner",
        &["Call Familiar", "Spirit Link", "Sacrifice", "Swarm", "Guardian Shade", "Leash", "Rebind"],
    ),
    ("cleric", &["Mending Light", "Sanctuary", "Rebuke", "Chain of Mercy", "Resurgence", "Judgement", "Vow"]),
    ("bard", &["Marching Tune", "Discord", "Saga of the Wall", "Quickstep", "Lullaby", "Refrain", "Encore"]),
];

/// Places for gear and what may be worn there.
pub const GEAR: &[(&str, &[&str])] = &[
    (
        "main hand",
        &["Duskwood Staff", "Tidesteel Longsword", "Bonecarved Bow", "Riverstone Mace", "Paired Daggers"],
    ),
    ("off hand", &["Kiteshield of the Harbour", "Tome of Small Flames", "Tin Lute", "Empty"]),
    ("head", &["Wanderer's Hood", "Visored Helm", "Circlet of Quiet", "Fur Cap"]),
    ("chest", &["Quilted Coat", "Ringmail Hauberk", "Robe of Nine Knots", "Breastplate of the Ford"]),
    ("legs", &["Padded Breeches", "Scaled Greaves", "Woollen Trousers"]),
    ("ring", &["Band of Patience", "Signet of the Ash", "Copper Loop"]),
];

pub const TAGS: &[&str] = &[
    "pvp", "pve", "solo", "group", "raid", "leveling", "siege", "caravan", "healer", "support", "burst",
    "ranged", "melee", "pet",
];

/// The most asked first.
pub const QUERIES: &[&str] = &[
    "best tank build",
    "healer for raids",
    "pvp rogue",
    "how do nodes level",
    "archwizard",
    "Best Tank Build",
    "necromancer solo",
    "caravan guide",
    "py'rai ranger",
    "bard support songs",
    "fast leveling",
    "summoner pets",
    "dunir cleric",
    "siege defence",
    "bladedancer",
    "which race for mage",
    "gear for beginners",
    "weapon master rotation",
    "tulnar",
    "fishing",
];
