-- Take over entries that still lie with the holder, for long enough.
-- KEYS: stream. ARGV: group, consumer, holder, idle time in ms, id…  Answers {id, delivery counter, fields}…
local taken = {}
for i = 5, #ARGV do
  local entry = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if entry and entry[2] == ARGV[3] and entry[3] >= tonumber(ARGV[4]) then
    local claimed = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i])[1]
    if claimed then  -- else it was deleted from the stream, and Redis has just dropped it
      taken[#taken + 1] = {ARGV[i], entry[4], claimed[2]}
    end
  end
end
return taken
