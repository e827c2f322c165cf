-- Webhooks for wrk, no two alike: each room gets two joins and two leaves, all rooms in turns.
-- Arguments: what makes this run's ids its own; how many rooms there are at a time; `again` for the same rooms each
-- time, `anew` for others once everybody has left. Prints its figures as one line of JSON.
local run, rooms, again
local sent = 0
local headers = {["Content-Type"] = "application/json"}
local body = '{"sessionId":"%s","projectId":"46199412","event":"%s","reason":"%s","timestamp":%d,'
  .. '"connection":{"id":"%s-%d","createdAt":%d,'
  .. '"data":"{\\"userId\\":\\"user-%05d-%d\\",\\"name\\":\\"Dr Lee\\",\\"role\\":\\"patient\\"}"}}'

function init(arguments)
  run, rooms, again = arguments[1], tonumber(arguments[2]), arguments[3] == "again"
end

function request()
  local room, phase, visit = sent % rooms, math.floor(sent / rooms) % 4, math.floor(sent / rooms / 4)
  sent = sent + 1
  local person, now = phase % 2, os.time() * 1000
  local session = string.format("2_MX40NjE5OTQxMn5-%05d", room)
  local connection = string.format("c053fcc8-%s-%05d-%05d", run, visit, room)
  if not again then session = string.format("%s-%s-%05d", session, run, visit) end
  local event, reason = "connectionCreated", ""
  if phase > 1 then event, reason = "connectionDestroyed", "clientDisconnected" end
  return wrk.format("POST", nil, headers, string.format(
    body, session, event, reason, now, connection, person, now, room, person))
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"count":%d,"seconds":%f,"failed":%d,"p50_ms":%f,"p99_ms":%f}\n', summary.requests,
    summary.duration / 1e6, failed, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
