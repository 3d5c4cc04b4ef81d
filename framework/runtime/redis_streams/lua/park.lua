-- Park an entry whose handler failed, if the consumer still holds it: there its idle time begins anew.
-- KEYS: stream. ARGV: group, consumer, place, delivery counter, id.  Answers 1 if it was parked.
local entry = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[5], ARGV[5], 1)[1]
if not entry or entry[2] ~= ARGV[2] then
  return 0
end
redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, ARGV[5], 'RETRYCOUNT', ARGV[4], 'JUSTID')
return 1
