-- What wrk sends: one kind of request, named by the second argument behind `--`; what it needs and what it accepts
-- come after it. The answers are not looked at here, since that would cost the machine what the server needs: wrk counts those of 400 and above.

local threads = 0

function setup(thread)
    thread:set("thread_number", threads)
    threads = threads + 1
end

local function lines(file)
    local found = {}
    for line in io.lines(file) do
        found[#found + 1] = line
    end
    return found
end

-- The line that says what answers may be encoded by; empty when the last argument is "none".
local accepted = ""

local function get(path, session)
    return string.format(
        "GET %s HTTP/1.1\r\nHost: bench\r\nX-Session-ID: sess_%s\r\n%s\r\n",
        path, session, accepted)
end

local function post(path, session, body)
    return string.format(
        "POST /api/v1/%s HTTP/1.1\r\nHost: bench\r\nX-Session-ID: sess_%s\r\n" ..
        "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, session, #body, body)
end

local kinds = {}

-- Requests for all paths of a file by one visitor after the other, made beforehand.
local function made(paths, visitors)
    local ready = {}
    for visitor = 1, visitors do
        for _, path in ipairs(lines(paths)) do
            ready[#ready + 1] = get(path, string.format("%024x", visitor))
        end
    end
    return ready
end

local function in_turn(ready)
    local last = 0
    return function()
        last = last % #ready + 1
        return ready[last]
    end
end

-- A few paths again and again, by a few visitors.
function kinds.hot(paths)
    return in_turn(made(paths, 8))
end

-- Each path once, if there are enough of them.
function kinds.once(paths)
    return in_turn(made(paths, 1))
end

-- The path on line n with a likelihood of about 1/n.
function kinds.zipf(paths)
    local ready = made(paths, 1)
    return function()
        return ready[math.floor((#ready + 1) ^ math.random())]
    end
end

-- Any build with the same likelihood. The id is made as the data was, see data/builds.sql.
function kinds.uniform(builds)
    builds = tonumber(builds)
    return function(session)
        local number = math.random(builds)
        return get(string.format("/api/v1/builds/b_%d", 10000000 + number * 61803401 % 90000000), session)
    end
end

-- Searches in which few queries make up most.
function kinds.searches()
    return function(session)
        local query = math.floor(2000 * math.random() ^ 4)
        local body = string.format('{"query":"best build %d","search_mode":"quick","result_count":%d}', query, query % 40)
        return post("analytics/search", session, body)
    end
end

-- A vote by somebody who has not voted yet.
function kinds.votes(ids)
    local known = lines(ids)
    return function(session)
        local body = string.format('{"rating":%d}', math.random(5))
        return post("builds/" .. known[math.random(#known)] .. "/vote", session, body)
    end
end

local adjectives = { "Amber", "Ashen", "Eager", "Gilded", "Hollow", "Iron", "Silent", "Moonlit" }
local nouns = { "Anvil", "Badger", "Comet", "Ember", "Falcon", "Otter", "Raven", "Wolf" }
local archetypes = { "fighter", "tank", "rogue", "ranger", "mage", "summoner", "cleric", "bard" }
local races = { "kaelar", "vaelune", "dunir", "nikua", "empyrean", "pyrai", "renkai", "vek" }

-- A build, as floor_create.sql stores it.
function kinds.creates()
    local body = '{"name":"%s %s %d","description":"A build for small groups that trust each other. Bring friends.",' ..
        '"primary_archetype":"%s","secondary_archetype":"%s","race":"%s","tags":["pvp","solo","tag%d"],"build_data":' ..
        '{"notes":"for long evenings alone","skills":[{"name":"gap closer","rank":3},{"name":"interrupt","rank":2}]}}'
    return function(session)
        local one = math.random(8)
        return post("builds", session, string.format(
            body, adjectives[one], nouns[math.random(8)], math.random(1000), archetypes[math.random(8)],
            archetypes[math.random(8)], races[math.random(8)], one))
    end
end

function init(arguments)
    local run, kind = arguments[1], arguments[2]
    if arguments[4] ~= "none" then
        accepted = "Accept-Encoding: " .. arguments[4] .. "\r\n"
    end
    local make, made = kinds[kind](arguments[3]), 0
    math.randomseed(tonumber(run, 16) + thread_number)
    function request()
        made = made + 1
        return make(string.format("%s%04x%012x", run, thread_number, made))
    end
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        "RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
