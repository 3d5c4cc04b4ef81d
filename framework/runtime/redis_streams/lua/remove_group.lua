-- Remove a group from a stream unless a consumer of it lives; the redrive stream, which nobody else reads, goes.
-- KEYS: stream. ARGV: group, after how many ms of silence a consumer is gone, redrive stream.
-- Answers the names of the living.
local living = {}
for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #fields, 2 do
    consumer[fields[i]] = fields[i + 1]
  end
  if consumer['idle'] < tonumber(ARGV[2]) and string.sub(consumer['name'], 1, 2) ~= '__' then
    living[#living + 1] = consumer['name']
  end
end
if #living == 0 then
  redis.call('XGROUP', 'DESTROY', KEYS[1], ARGV[1])
  if KEYS[1] == ARGV[3] then
    redis.call('DEL', KEYS[1])
  end
end
return living
