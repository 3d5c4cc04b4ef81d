-- Of a page of dead letters or redrives: the oldest original entry of each stream that they came from.
-- KEYS: dead letters or redrive stream. ARGV: from which id on, how many.
-- Answers {id of the last one looked at, stream, milliseconds, stream, milliseconds…}, or nothing at the end.
local records = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])
if #records == 0 then
  return {}
end
local oldest = {}
for _, record in ipairs(records) do
  local stream, original = '', record[1]
  for i = 1, #record[2], 2 do
    if record[2][i] == 'stream' then
      stream = record[2][i + 1]
    elseif record[2][i] == 'original_id' and string.match(record[2][i + 1], '^%d+%-%d+$') then
      original = record[2][i + 1]
    end
  end
  local written = tonumber(string.match(original, '^%d+'))
  if not oldest[stream] or written < oldest[stream] then
    oldest[stream] = written
  end
end
local answer = {records[#records][1]}
for stream, written in pairs(oldest) do
  answer[#answer + 1] = stream
  answer[#answer + 1] = string.format('%.0f', written)
end
return answer
