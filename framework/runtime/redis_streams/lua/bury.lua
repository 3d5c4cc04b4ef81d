-- Write an entry to the dead letters and acknowledge it, if the consumer still holds it: both or nothing.
-- One of the redrive stream, which is nobody else's, goes.
-- KEYS: stream, dead letters. ARGV: group, consumer, redrive stream, id, field, value…
-- Answers 1 if it was written.
local entry = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[4], ARGV[4], 1)[1]
if not entry or entry[2] ~= ARGV[2] then
  return 0
end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 5))
redis.call('XACK', KEYS[1], ARGV[1], ARGV[4])
if KEYS[1] == ARGV[3] then
  redis.call('XDEL', KEYS[1], ARGV[4])
end
return 1
