-- What wrk sends: one kind of request, named by the second argument behind `--`; what it needs and what it accepts
-- come after it. At the pace of the server the answers are not looked at, since that would cost the machine what the
-- server needs: wrk counts those of 400 and above. At a pace of its own it counts what became of each request.

local threads = {}

function setup(thread)
    thread:set("thread_number", #threads)
    threads[#threads + 1] = thread
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

local terms = {}
for _, adjective in ipairs(adjectives) do
    for _, noun in ipairs(nouns) do
        terms[#terms + 1] = string.lower(adjective .. "%20" .. noun)
    end
end

local sorts = { "newest", "rating", "popular", "trending" }

-- Half searches, a quarter creates, a quarter votes. No search is repeated while it is cached.
function kinds.mix(ids)
    local create, vote, sent = kinds.creates(), kinds.votes(ids), 0
    return function(session)
        sent = sent + 1
        if sent % 4 == 0 then
            return create(session)
        elseif sent % 4 == 2 then
            return vote(session)
        end
        local turn = math.floor(sent / 2)
        local term, sort = terms[turn % #terms + 1], sorts[math.floor(turn / #terms) % #sorts + 1]
        local limit = math.floor(turn / #terms / #sorts) % 50 + 1
        return get(string.format("/api/v1/builds?search=%s&sort=%s&limit=%d", term, sort, limit), session)
    end
end

-- Requests are sent when they are due, whether or not the ones before have been answered, as long as there are
-- connections left.
local function at_a_pace(per_second)
    local ffi = require("ffi")
    ffi.cdef("typedef struct { long seconds, micros; } timeval_t; int gettimeofday(timeval_t *, void *);")
    local clock = ffi.new("timeval_t")
    local function now()
        ffi.C.gettimeofday(clock, nil)
        return tonumber(clock.seconds) * 1000 + tonumber(clock.micros) / 1000
    end
    local began, due = now(), 0
    function delay()
        due = due + 1000 / per_second
        return math.max(0, math.floor(began + due - now()))
    end
    accepted_answers, shed_answers, failed_answers = 0, 0, 0
    function response(status, headers)
        if status < 300 then
            accepted_answers = accepted_answers + 1
        elseif status == 503 and (headers["retry-after"] or headers["Retry-After"]) then
            shed_answers = shed_answers + 1
        else
            failed_answers = failed_answers + 1
        end
    end
end

function init(arguments)
    local run, kind = arguments[1], arguments[2]
    if arguments[4] ~= "none" then
        accepted = "Accept-Encoding: " .. arguments[4] .. "\r\n"
    end
    local make, made = kinds[kind](arguments[3]), 0
    math.randomseed(tonumber(run, 16) + thread_number)
    if arguments[5] then
        at_a_pace(tonumber(arguments[5]))
    end
    function request()
        made = made + 1
        return make(string.format("%s%04x%012x", run, thread_number, made))
    end
end

function done(summary, latency, _)
    local errors = summary.errors
    local broken = errors.connect + errors.read + errors.write + errors.timeout
    io.write(string.format(
        "RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status, broken,
        latency:percentile(50), latency:percentile(99)))
    local accepted = threads[1]:get("accepted_answers")
    if accepted then
        -- As if all others had been answered sooner: of those that were accepted, 99 of 100 took no longer.
        local part = 100 * (1 - 0.01 * accepted / math.max(summary.requests, 1))
        io.write(string.format(
            "PACED %d %d %d %d %d\n", summary.duration, accepted, threads[1]:get("shed_answers"),
            threads[1]:get("failed_answers") + broken, latency:percentile(part)))
    end
end
