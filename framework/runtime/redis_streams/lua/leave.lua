-- Remove the consumer; what is pending on it goes to the heir, with its idle time and its delivery count.
-- KEYS: stream. ARGV: group, consumer, heir, how many entries at a time.  Answers 1 when the consumer is gone.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', ARGV[4], ARGV[2])
for _, entry in ipairs(pending) do
  redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, entry[1],
    'IDLE', entry[3], 'RETRYCOUNT', string.format('%.0f', entry[4]), 'JUSTID')
end
if #pending < tonumber(ARGV[4]) then
  redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
  return 1
end
return 0
