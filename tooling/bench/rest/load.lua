-- Told `create N`, sends users who were not there before, the first with the telegram_id N; else reads.
-- At the end it writes what was found as one line of JSON.

function init(args)
   if args[1] == "create" then
      local number = tonumber(args[2])
      local headers = {["Content-Type"] = "application/json"}
      request = function()
         number = number + 1
         local body = '{"name": "Grace Hopper", "telegram_id": ' .. number .. '}'
         return wrk.format("POST", nil, headers, body)
      end
   end
end

function done(summary, latency, requests)
   local errors = summary.errors
   local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   io.write(string.format('{"requests": %d, "failed": %d, "seconds": %f, "p99": %f}\n',
      summary.requests, failed, summary.duration / 1e6, latency:percentile(99) / 1e6))
end
