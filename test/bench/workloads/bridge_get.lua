-- Get by id through the bridge
-- bar: 30
local headers = { Authorization = "Bearer " .. bench.token }

function request()
    return wrk.format("GET", bench.targets[math.random(#bench.targets)], headers)
end
