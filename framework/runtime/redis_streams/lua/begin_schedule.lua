-- Note what a schedule says; if it said something else, or nothing, no tick until now can be added any more.
-- KEYS: stream, definition. ARGV: definition, now in ms.  Answers 1 if it is new.
if redis.call('GET', KEYS[2]) == ARGV[1] then
  return 0
end
redis.call('SET', KEYS[2], ARGV[1])
-- The id stays taken when the entry is gone. It is refused where a later tick has been added already.
local id = ARGV[2] .. '-0'
if not redis.pcall('XADD', KEYS[1], id, 'definition', ARGV[1]).err then
  redis.call('XDEL', KEYS[1], id)
end
return 1
