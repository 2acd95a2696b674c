-- Compare and set, many values in one call. KEYS: one per write. ARGV: five per write:
--   field ("" = the key is one string), version, value, kind, seconds to live (0 = kept)
--   kind "z": a member of a sorted set. kind "r": a row of a hash; its field "" holds the newest version that the hash has
--   taken, which guards all rows; an empty value ends the row. Else "".
-- A value is taken only if its version is newer than the one inside the value that stands there.
-- Returns how many were taken.
local taken = 0
for i = 1, #KEYS do
  local key, at = KEYS[i], (i - 1) * 5
  local field, version, value, kind, ttl = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]
  local fresh
  if kind == "z" then
    fresh = redis.call("ZSCORE", key, value) == false
    if fresh then redis.call("ZADD", key, version, value) end
  elseif kind == "r" then
    local newest = tonumber(redis.call("HGET", key, "") or -1)
    fresh = tonumber(version) >= newest
    if fresh and value == "" then redis.call("HDEL", key, field) end
    if fresh and value ~= "" then redis.call("HSET", key, field, value) end
    if tonumber(version) > newest then redis.call("HSET", key, "", version) end
  else
    local stands
    if field == "" then stands = redis.call("GET", key) else stands = redis.call("HGET", key, field) end
    local has = stands and tonumber(string.match(stands, '"version":(%d+)')) or -1
    fresh = tonumber(version) > has
    if fresh and field == "" then redis.call("SET", key, value) end
    if fresh and field ~= "" then redis.call("HSET", key, field, value) end
  end
  if fresh then
    taken = taken + 1
    if ttl ~= "0" then redis.call("EXPIRE", key, ttl) end
  end
end
return taken
