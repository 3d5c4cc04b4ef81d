-- Note what a schedule says; if it said something else, or nothing, no tick until now can be added any more.
-- KEYS: stream, definition. ARGV: definition, now in ms.  Answers 1 if it is new.
if redis.call('GET', KEYS[2]) == ARGV[1] then
  return 0
end
redis.call('SET', KEYS[2], ARGV[1])
-- The clock of a process may be far ahead: no tick could be added until that time has come.
local time = redis.call('TIME')
local now = math.min(ARGV[2], time[1] * 1000 + math.floor(time[2] / 1000))
-- The id stays taken when the entry is gone. It is refused where a later tick has been added already.
local id = string.format('%.0f-0', now)
if not redis.pcall('XADD', KEYS[1], id, 'definition', ARGV[1]).err then
  redis.call('XDEL', KEYS[1], id)
end
return 1
