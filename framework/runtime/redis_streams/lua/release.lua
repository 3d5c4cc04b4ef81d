-- Give back entries whose handling did not end: anyone may take them at once, and this delivery does not count.
-- KEYS: stream. ARGV: group, consumer, heir, idle time in ms, id…  Answers the ids that it no longer holds.
local lost = {}
for i = 5, #ARGV do
  local entry = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if entry and entry[2] == ARGV[2] then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, ARGV[i],
      'IDLE', ARGV[4], 'RETRYCOUNT', string.format('%.0f', math.max(entry[4] - 1, 0)), 'JUSTID')
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
