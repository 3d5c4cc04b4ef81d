-- Write an entry to the dead letters and acknowledge it, if the consumer still holds it: both or nothing.
-- KEYS: stream, dead letters. ARGV: group, consumer, id, field, value…  Answers 1 if it was written.
local entry = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1)[1]
if not entry or entry[2] ~= ARGV[2] then
  return 0
end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 4))
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
return 1
