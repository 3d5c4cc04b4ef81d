-- Acknowledge the entries that the consumer still holds; one of the redrive stream, which is nobody else's, goes.
-- KEYS: stream. ARGV: group, consumer, redrive stream, id…  Answers the ids that it no longer holds.
local lost = {}
for i = 4, #ARGV do
  local entry = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if entry and entry[2] == ARGV[2] then
    redis.call('XACK', KEYS[1], ARGV[1], ARGV[i])
    if KEYS[1] == ARGV[3] then
      redis.call('XDEL', KEYS[1], ARGV[i])
    end
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
