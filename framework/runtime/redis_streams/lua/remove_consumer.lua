-- Remove a consumer if nothing is pending on it: removing it otherwise would lose what is.
-- KEYS: stream. ARGV: group, consumer.  Answers 1 if it was removed.
if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) > 0 then
  return 0
end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1
