-- Remove what is older than the retention and handled by every group; at most once while the lock lasts.
-- KEYS: stream, lock. ARGV: retention in ms, how long the lock lasts in ms.  Answers how many entries went.
local function is_before(one, other)
  local ms, number = string.match(one, '(%d+)-(%d+)')
  local other_ms, other_number = string.match(other, '(%d+)-(%d+)')
  if ms == other_ms then
    return tonumber(number) < tonumber(other_number)
  end
  return tonumber(ms) < tonumber(other_ms)
end

if not redis.call('SET', KEYS[2], '', 'NX', 'PX', ARGV[2]) then
  return 0
end
if redis.call('TYPE', KEYS[1]).ok ~= 'stream' then
  return 0
end
local now = redis.call('TIME')
local oldest = string.format('%.0f-0', math.max(now[1] * 1000 + math.floor(now[2] / 1000) - ARGV[1], 0))
local function keep(id)
  if is_before(id, oldest) then
    oldest = id
  end
end
for _, fields in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #fields, 2 do
    group[fields[i]] = fields[i + 1]
  end
  keep(group['last-delivered-id'])
  if group['pending'] > 0 then
    keep(redis.call('XPENDING', KEYS[1], group['name'])[2])
  end
end
return redis.call('XTRIM', KEYS[1], 'MINID', '~', oldest, 'LIMIT', 0)
