-- The generic cell rate algorithm on one key, in microseconds of the server's own clock, so that replicas
-- whose clocks differ share one limit. The key holds the theoretical arrival time (TAT): when the bucket will
-- be full again. It expires at that moment, since a full bucket is the same as none.
--
-- ARGV[1]: microseconds per request; ARGV[2]: microseconds that a full bucket covers.
-- Returns passed (0 or 1), requests left, microseconds until full, microseconds until one passes.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local interval = tonumber(ARGV[1])
local window = tonumber(ARGV[2])

-- A value of another type is an error table here; it counts as none, and SET replaces it.
local stored = redis.pcall('GET', KEYS[1])
local tat = type(stored) == 'string' and tonumber(stored) or now
if tat ~= tat then
  tat = now
end
-- A clock that was set back must not lock a caller out for longer than an empty bucket would.
tat = math.min(math.max(tat, now), now + window)

local next_tat = tat + interval
local wait = next_tat - window - now
if wait > 0 then
  return {0, 0, tat - now, wait}
end
redis.call('SET', KEYS[1], string.format('%.0f', next_tat), 'PX', math.ceil((next_tat - now) / 1000))
return {1, math.floor((window - (next_tat - now)) / interval), next_tat - now, 0}
