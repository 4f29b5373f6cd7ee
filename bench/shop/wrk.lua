-- One of the four routes, with a product and a user by chance. Arguments: route, file of product ids, seed.
local route, ids = nil, {}

function init(args)
  route = args[1]
  for line in io.lines(args[2]) do ids[#ids + 1] = line end
  math.randomseed(tonumber(args[3]))
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  local id = ids[math.random(#ids)]
  if route == "list" then return wrk.format("GET", "/products?limit=20") end
  if route == "product" then return wrk.format("GET", "/products/" .. id) end
  local user = "user-" .. math.random(1000000)
  if route == "cart" then
    return wrk.format("POST", "/cart/" .. user, nil, '{"productId":"' .. id .. '","quantity":1}')
  end
  local body = '{"userId":"' .. user .. '","items":[{"productId":"' .. id .. '","quantity":1}]}'
  return wrk.format("POST", "/orders", nil, body)
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("RESULT %d %d %d %d\n", summary.requests, summary.duration, failed, latency:percentile(99)))
end
