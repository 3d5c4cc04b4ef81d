-- Add a tick, unless it or a later one was added; those before it that the group has not read are dropped.
-- KEYS: stream. ARGV: group, when it is due in ms, by how many ms that may be ahead, field, value…  Answers 1 if it was added.
local now = redis.call('TIME')
local ahead = ARGV[2] - (now[1] * 1000 + math.floor(now[2] / 1000))
if ahead > tonumber(ARGV[3]) then
  -- It would keep everybody from adding ticks until that time has come.
  return redis.error_reply(string.format('AHEAD the tick is due in %.0f ms by the clock of Redis', ahead))
end
local id = ARGV[2] .. '-0'
local added = redis.pcall('XADD', KEYS[1], id, unpack(ARGV, 4))
if added.err then
  return string.find(added.err, 'equal or smaller') and 0 or added
end
local unread = '-'
for _, fields in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #fields, 2 do
    group[fields[i]] = fields[i + 1]
  end
  if group['name'] == ARGV[1] then
    unread = '(' .. group['last-delivered-id']
  end
end
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], unread, '(' .. id)) do
  redis.call('XDEL', KEYS[1], entry[1])
end
return 1
