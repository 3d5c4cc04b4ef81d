-- Write an entry to the dead letters and acknowledge it, if the consumer still holds it: both or nothing.
-- One of the redrive stream, which is nobody else's, goes.
-- KEYS: stream, dead letters, and if the event may have been published twice, where its letter is remembered.
-- ARGV: group, consumer, redrive stream, id, seconds to remember, field, value…
-- Answers 1 if there is a letter now: this one, or the one of the same event that is there already.
local entry = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[4], ARGV[4], 1)[1]
if not entry or entry[2] ~= ARGV[2] then
  return 0
end
local known = KEYS[3] and redis.call('GET', KEYS[3])
if not known or #redis.call('XRANGE', KEYS[2], known, known) == 0 then
  local letter = redis.call('XADD', KEYS[2], '*', unpack(ARGV, 6))
  if KEYS[3] then
    redis.call('SET', KEYS[3], letter, 'EX', ARGV[5])
  end
end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[4])
if KEYS[1] == ARGV[3] then
  redis.call('XDEL', KEYS[1], ARGV[4])
end
return 1
