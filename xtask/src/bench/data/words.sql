-- What builds and searches are made of. Filled in: the game's classes and races, these with their folded names.
CREATE TEMP TABLE classes (position int PRIMARY KEY, primary_archetype text, secondary_archetype text, class_name text);
INSERT INTO classes VALUES {classes};
CREATE TEMP TABLE races (position int PRIMARY KEY, race text, race_name text, race_folded text);
INSERT INTO races VALUES {races};

CREATE TEMP TABLE words AS SELECT
    string_to_array('Amber,Ashen,Bitter,Brazen,Crimson,Drowsy,Eager,Fabled,Frostbound,Gilded,Gentle,Hollow,Iron,Lonely,Merry,Moonlit,Nimble,Patient,Reckless,Salted,Silent,Stormborn,Tireless,Wandering', ',') AS adjectives,
    string_to_array('Anvil,Badger,Banner,Bramble,Comet,Drum,Ember,Falcon,Gale,Harbour,Heron,Keystone,Lantern,Mantle,Oak,Otter,Pilgrim,Quill,Raven,Sentry,Thistle,Tide,Verdict,Wolf', ',') AS nouns,
    string_to_array('ka,lo,mir,ven,dra,thu,sel,ori,bas,qui,nor,fey,zan,el,ush,tam', ',') AS syllables,
    string_to_array('for long evenings alone,for small groups that trust each other,for the second row of a raid,that hits first and explains later,that outlasts rather than outfights,for guarding caravans,for sieges on the loud side of the gate,that levels quickly and sells well', ',') AS styles,
    string_to_array('Bring friends,Works best when you are patient,Change the last two skills for larger groups,I still tinker with it,Not for the first day', ',') AS advice,
    string_to_array('opener from range,gap closer,interrupt,area damage,single-target finisher,self-heal,group heal,shield,slow,stealth,summon,song', ',') AS skills,
    string_to_array('pvp,pve,solo,group,raid,leveling,siege,caravan,healer,support,burst,ranged,melee,pet', ',') AS tags;

-- A whole number from 0 to `bound`, without it: the same for the same number and salt, so that every run makes
-- the same data.
CREATE FUNCTION pg_temp.draw(number bigint, salt text, bound bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT (hashtextextended(salt, number) & 9007199254740991) % bound $$;

-- The same as a fraction, 0 to 1.
CREATE FUNCTION pg_temp.fraction(number bigint, salt text) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT (hashtextextended(salt, number) & 9007199254740991) / 9007199254740992.0::double precision $$;

CREATE FUNCTION pg_temp.pick(words text[], number bigint, salt text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT words[1 + pg_temp.draw(number, salt, cardinality(words))] $$;

-- A line of the searched text: the folded words with two spaces before each, and one behind the last.
CREATE FUNCTION pg_temp.line(part text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN part = '' THEN '' ELSE '  ' || replace(lower(translate(part, '.,', '')), ' ', '  ') || ' ' END $$;
