-- Begin the lease anew of the entries that the consumer still holds.
-- KEYS: stream. ARGV: group, consumer, id…  Answers the ids that another consumer holds.
local taken = {}
for i = 3, #ARGV do
  local entry = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if entry and entry[2] == ARGV[2] then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
  elseif entry then
    taken[#taken + 1] = ARGV[i]
  end
end
return taken
