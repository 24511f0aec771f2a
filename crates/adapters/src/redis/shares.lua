-- Shares of a day: a hash per holder counts how often it has taken each item.
--
-- KEYS: the holders. ARGV[1]: the item; ARGV[2]: milliseconds until the hashes are dropped; then two for each holder:
-- how often it takes one item, and how many items it takes (0: any number).
-- Returns 1 when it was taken from all holders, 0 when it was taken from none.
local counts = {}
for i, key in ipairs(KEYS) do
  local stored = redis.pcall('HGET', key, ARGV[1])
  if type(stored) == 'table' then
    -- A key of another type.
    redis.call('DEL', key)
    stored = false
  end
  counts[i] = stored and tonumber(stored) or 0
  local per_item, items = tonumber(ARGV[1 + 2 * i]), tonumber(ARGV[2 + 2 * i])
  if counts[i] >= per_item then
    return 0
  end
  if counts[i] == 0 and items > 0 and redis.call('HLEN', key) >= items then
    return 0
  end
end
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, ARGV[1], counts[i] + 1)
  redis.call('PEXPIRE', key, ARGV[2])
end
return 1
