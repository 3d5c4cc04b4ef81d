-- Move dead letters to the redrive stream, each counted: what somebody else has moved or deleted is not there.
-- KEYS: dead letters, redrive stream. ARGV: id…  Answers the ids that were moved.
local kept = {stream = true, original_id = true, operation = true, first_failed_at = true, again = true}
local moved = {}
for i = 1, #ARGV do
  local letter = redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i])[1]
  if letter then
    local redrives, entry = 0, {}
    for j = 1, #letter[2], 2 do
      local name, value = letter[2][j], letter[2][j + 1]
      if name == 'redrives' then
        redrives = tonumber(value) or 0
      elseif kept[name] or string.sub(name, 1, 8) == 'message.' then
        entry[#entry + 1] = name
        entry[#entry + 1] = value
      end
    end
    redis.call('XADD', KEYS[2], '*', 'redrives', string.format('%.0f', redrives + 1), unpack(entry))
    redis.call('XDEL', KEYS[1], ARGV[i])
    moved[#moved + 1] = ARGV[i]
  end
end
return moved
